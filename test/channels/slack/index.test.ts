import { channelConformance } from "../../conformance/channel.ts";
import { slackSubject } from "../../support/slack-subject.ts";

channelConformance("slack", slackSubject);
