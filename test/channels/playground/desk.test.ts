import { deskConformance } from "../../conformance/desk.ts";
import { playgroundDeskSubject } from "../../support/playground-desk-subject.ts";

deskConformance("the playground's desk", playgroundDeskSubject);
