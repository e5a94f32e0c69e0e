import { deskConformance } from "../../../conformance/desk.ts";
import { dropSharedAfterwards } from "../../../support/open-slack-desk.ts";
import { slackDeskSubject } from "../../../support/slack-desk-subject.ts";

dropSharedAfterwards();

deskConformance("the Slack desk", slackDeskSubject());
