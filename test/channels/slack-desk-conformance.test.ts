import { deskConformance } from "../conformance/desk.ts";
import { slackDeskSubject } from "../support/slack-desk-subject.ts";

deskConformance("the Slack desk", slackDeskSubject());
