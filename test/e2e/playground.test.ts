import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { adapters, desks, signPlayground } from "../../channels/index.ts";
import { startAcme } from "../../examples/acme/server.ts";
import { readConfig } from "../../src/config.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { startFrontdesk } from "../../src/start.ts";
import { acmeVariables } from "../support/acme.ts";
import { freshDatabase } from "../support/services.ts";
import { chromiumOrSkip } from "../support/skips.ts";

// The whole product with the bundled example company, used like a newcomer would.

// A browser and the product share the cores with the other tests.
vi.setConfig({ testTimeout: 60_000 });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SHOTS = `${ROOT}test-results`;
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const DESKTOP = { viewport: { width: 1440, height: 900 } };

chromiumOrSkip("the playground, in a browser", (executablePath) => {
  const closers: (() => Promise<unknown>)[] = [];
  const troubles: string[] = [];
  let url = "";
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const acme = await startAcme({ port: 0 });
    closers.push(() => acme.close());
    const product = await startProduct(database.url, acmeVariables(acme));
    closers.push(() => product.close());
    url = product.url;
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    closers.push(() => browser.close());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  afterEach(async ({ task }) => {
    const pages = browser.contexts().flatMap((context) => context.pages());
    if (task.result?.state === "fail") await shootAll(pages);
    for (const context of browser.contexts()) await context.close();
    expect(troubles.splice(0)).toEqual([]);
  });

  /** Opens the page; console output and requests to other hosts fail the test. */
  async function open(options: BrowserContextOptions, at = ""): Promise<Page> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    watch(page, troubles, url);
    await page.goto(`${url}/playground${at}`);
    await live(page);
    return page;
  }

  test("from the first message to a solved case", async () => {
    const page = await open(DESKTOP);
    await page.screenshot({ path: `${SHOTS}/first-sight.png` });
    await page.getByRole("button", { name: "Hi, I need some help" }).click();
    const { phone, desk, journal } = panes(page);

    await phone.getByRole("button", { name: "A charge or an invoice" }).click();
    await phone.getByText("Your account team looks after this").waitFor();
    expect(await phone.getByRole("button", { name: "An order" }).isDisabled()).toBe(true);
    await journal.getByText("The customer pressed “A charge or an invoice”").waitFor();

    const card = desk.getByRole("region", { name: "Enterprise" }).getByRole("button", { name: "Dana Meyer" });
    await card.click();
    const thread = desk.getByRole("log");
    await thread.getByText("Hi, I need some help").waitFor();

    await type(desk, "Third complaint this week, careful");
    await desk.getByRole("button", { name: "Note", exact: true }).click();
    await entry(desk, "Third complaint this week").getByText("internal, stays inside").waitFor();

    await type(desk, "Is anybody on this?");
    await page.keyboard.press("Enter");
    await desk.getByText("Kept inside").waitFor();

    await desk.getByRole("button", { name: "Claim", exact: true }).click();
    await desk.getByText("You hold it").waitFor();
    await type(desk, "I have refunded the second charge.");
    await page.keyboard.press("Enter");
    await phone.getByText("I have refunded the second charge.").waitFor();
    await phone.getByText("Mara, a person").waitFor();
    await entry(desk, "I have refunded")
      .getByText(/^→ Dana Meyer, .*, sent$/)
      .waitFor();
    await page.screenshot({ path: `${SHOTS}/case.png` });

    await say(phone, "<img src=x onerror=alert(1)> thanks!");
    await thread.getByText("<img src=x onerror=alert(1)> thanks!").waitFor();
    for (const inside of ["Third complaint", "Is anybody on this?"]) {
      expect(await phone.getByText(inside).count()).toBe(0);
    }

    await desk.getByRole("button", { name: "Hand back to bot" }).click();
    await desk.getByText("with the bot", { exact: true }).waitFor();
    await desk.locator("#case").getByRole("button", { name: "Take over" }).click();
    await desk.getByText("You hold it").waitFor();
    await desk.getByRole("button", { name: "Resolve" }).click();
    await desk.getByRole("region", { name: "Solved" }).getByRole("button", { name: "Dana Meyer" }).waitFor();
    await journal.getByText("Mara resolved the case").waitFor();
    await page.screenshot({ path: `${SHOTS}/solved.png` });
  });

  test("by text message a typed number is the choice, and free text the answer to a question", async () => {
    const page = await open(DESKTOP);
    const { phone, desk, journal } = panes(page);
    await page.getByLabel("You are").first().selectOption({ label: "Sam Lee (free)" });
    await page.getByRole("radio", { name: "SMS" }).check({ force: true });
    await say(phone, "Hi");
    await phone.getByText(/2\W+An order/).waitFor();
    expect(await phone.locator(".options").count()).toBe(0);
    await say(phone, "2");
    await phone.getByText("What is your order number?").waitFor();
    await say(phone, "AB-1234");
    const card = desk.getByRole("region", { name: "Front line" }).getByRole("button", { name: "Sam Lee" });
    await card.getByText("Asks about order AB-1234.").waitFor();
    await journal.getByText("The customer wrote “2”").waitFor();
    await page.screenshot({ path: `${SHOTS}/text-messages.png` });
  });

  test("a procedure cancels a subscription with buttons, without a language model", async () => {
    const page = await open(DESKTOP);
    const { phone, journal } = panes(page);
    await page.getByLabel("You are").first().selectOption({ label: "Priya Nair (pro)" });
    await say(phone, "please cancel my plan");
    await phone.getByText("an automatic assistant without a language model").waitFor();
    await phone.getByRole("button", { name: "It is too expensive" }).click();
    await phone.getByText("I can give you 30 % off for 3 months").waitFor();
    await phone.getByText("Apply this to your plan: 30 % off for 3 months?").waitFor();
    await page.screenshot({ path: `${SHOTS}/procedure-offer.png` });
    await phone.getByRole("button", { name: "No", exact: true }).click();
    await phone.getByText("Cancel your subscription?").waitFor();
    await phone.getByRole("button", { name: "Yes", exact: true }).last().click();
    await phone.getByText("It stays usable until 2026-12-05, and nothing more is charged.").waitFor();
    await journal.getByText("billing.cancel_subscription rests on").waitFor();
    await journal.getByText('cancel_reason is "too_expensive"').waitFor();
    await page.screenshot({ path: `${SHOTS}/procedure-done.png` });
  });

  test("a procedure opens a locked login by numbers in text messages", async () => {
    const page = await open(DESKTOP);
    const { phone } = panes(page);
    await page.getByLabel("You are").first().selectOption({ label: "Sam Lee (free)" });
    await page.getByRole("radio", { name: "SMS" }).check({ force: true });
    await say(phone, "I can't log in");
    await phone.getByText("Which e-mail address do you sign in with?").waitFor();
    await say(phone, "it is sam@lee.example");
    await phone.getByText("Shall I unlock the login of sam@lee.example?").waitFor();
    await say(phone, "1");
    await phone.getByText("Your login is open again.").waitFor();
    await page.screenshot({ path: `${SHOTS}/procedure-text-messages.png` });
  });

  test("two operators in two tabs see the same case, and only the one who claimed it reaches the customer", async () => {
    const mara = await open(DESKTOP);
    await say(panes(mara).phone, "Hello");
    await panes(mara).phone.getByRole("button", { name: "Talk to a person" }).click();
    await panes(mara)
      .desk.getByRole("button", { name: /your customer/ })
      .first()
      .click();
    await panes(mara).desk.getByRole("button", { name: "Claim", exact: true }).waitFor();
    const luca = await open(DESKTOP, new URL(mara.url()).hash);
    await luca.locator("#operator").selectOption({ label: "Luca" });
    await panes(luca).desk.getByRole("button", { name: "Claim", exact: true }).click();
    await panes(mara).desk.getByText("Luca holds it").waitFor();

    await type(panes(mara).desk, "Leave this one to me?");
    await mara.keyboard.press("Enter");
    await panes(mara)
      .desk.getByText(/Kept inside/)
      .waitFor();
    await entry(panes(luca).desk, "Leave this one to me?").getByText("internal, stays inside").waitFor();

    await type(panes(luca).desk, "Hello, Luca here.");
    await luca.keyboard.press("Enter");
    // It follows Mara's message, so it may have been meant for her.
    const held = entry(panes(luca).desk, "Hello, Luca here.");
    await held.getByText("Not sent yet: it follows a colleague's message.").waitFor();
    await held.getByRole("button", { name: "Send to customer" }).click();
    await panes(mara).phone.getByText("Hello, Luca here.").waitFor();
    expect(await panes(mara).phone.getByText("Leave this one to me?").count()).toBe(0);
  });

  test("everything can be done with the keyboard", async () => {
    const page = await open(DESKTOP);
    await tabTo(page, page.getByRole("button", { name: "Hi, I need some help" }));
    await page.keyboard.press("Enter");
    const { phone, desk } = panes(page);
    const person = phone.getByRole("button", { name: "Talk to a person" });
    await person.waitFor();
    await tabTo(page, person, { backwards: true });
    await page.keyboard.press("Enter");
    const card = desk.getByRole("button", { name: /your customer/ }).first();
    await card.waitFor();
    await tabTo(page, card);
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page, desk.getByLabel("Write in this case"))).toBe(true);
    const claim = desk.getByRole("button", { name: "Claim", exact: true });
    await tabTo(page, claim, { backwards: true });
    await page.keyboard.press("Enter");
    await desk.getByText("You hold it").waitFor();
    await tabTo(page, desk.getByLabel("Write in this case"));
    await page.keyboard.type("Hello from the keyboard");
    await page.keyboard.press("Enter");
    await phone.getByText("Hello from the keyboard").waitFor();
  });

  test("on a phone the panes are tabs that say when something is new", async () => {
    const page = await open(PHONE);
    const { phone, desk, journal } = panes(page);
    expect(await desk.isVisible()).toBe(false);
    await say(phone, "Hello");
    await phone.getByRole("button", { name: "Talk to a person" }).tap();
    await page.locator("#tab-desk[data-news]").waitFor();
    await page.screenshot({ path: `${SHOTS}/phone-customer.png` });
    await page.getByRole("tab", { name: "Desk" }).tap();
    await desk
      .getByRole("button", { name: /your customer/ })
      .first()
      .tap();
    await desk.getByRole("button", { name: "Claim", exact: true }).tap();
    await desk.getByText("You hold it").waitFor();
    await page.screenshot({ path: `${SHOTS}/phone-desk.png` });
    expect(await page.locator("html").evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("tab", { name: "What happened" }).tap();
    await journal.getByText("Mara claimed the case").waitFor();
    await page.screenshot({ path: `${SHOTS}/phone-journal.png` });
  });

  test("it is dark if the reader's system is", async () => {
    const page = await open({ ...DESKTOP, colorScheme: "dark" });
    const { phone } = panes(page);
    await say(phone, "Hello");
    await phone.getByRole("button", { name: "An order" }).waitFor();
    const shade = await styleOf(page.locator("body"), "backgroundColor");
    expect(Math.max(...[...shade.matchAll(/\d+/g)].map(Number))).toBeLessThan(60);
    await page.screenshot({ path: `${SHOTS}/dark.png` });
  });

  test("an answer that comes late does not hide what came after it", async () => {
    const page = await open(DESKTOP);
    const { phone } = panes(page);
    const order = phone.getByRole("button", { name: "An order" });
    const late = page.waitForResponse("**/playground/api/view?*");
    await page.route("**/playground/api/view?*", async (route) => {
      const old = await route.fetch();
      await order.waitFor();
      await route.fulfill({ response: old });
    });
    await say(phone, "Hello");
    await (await late).finished();
    // The page shows an answer in the frame after it came.
    await page.evaluate("new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)))");
    expect(await order.count()).toBe(1);
  });

  test("on a lost connection the page says so, keeps typed text, and catches up", async () => {
    const page = await open(DESKTOP);
    const { phone } = panes(page);
    await say(phone, "Hello");
    await phone.getByRole("button", { name: "An order" }).waitFor();
    await page.context().setOffline(true);
    await page.locator("#link[data-state=reconnecting]").waitFor();
    await phone.getByLabel("Message as the customer").fill("Anybody there?");
    await page.keyboard.press("Enter");
    await phone.getByText(/not sent: The server does not answer/).waitFor();
    await page.screenshot({ path: `${SHOTS}/offline.png` });
    await page.context().setOffline(false);
    await live(page);
    // The browser itself logs the failed request.
    troubles.splice(0);
    await phone.getByRole("button", { name: "Try again" }).click();
    await phone.locator("#bubbles").getByText("Anybody there?").waitFor();
    expect(await phone.getByText("Anybody there?").count()).toBe(1);
  });
});

async function shootAll(pages: Page[]): Promise<void> {
  for (const [n, page] of pages.entries()) await page.screenshot({ path: `${SHOTS}/failed-${n}.png` });
}

async function startProduct(databaseUrl: string, more: Record<string, string>) {
  const env = { DATABASE_URL: databaseUrl, ...more };
  const config = readConfig(env, { home: ROOT, port: "0" });
  if (!config.ok) throw new Error(JSON.stringify(config.fault));
  const log = createLogger({ level: "error" });
  const running = await startFrontdesk({ config: config.value, adapters, desks, signPlayground, log, env });
  if (running.url === null) throw new Error("The product runs without its web server");
  return { url: running.url, close: () => running.close() };
}

function watch(page: Page, troubles: string[], url: string): void {
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" || line.type() === "warning") troubles.push(line.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) troubles.push(`loads ${request.url()}`);
  });
}

const live = (page: Page) => page.locator("#link[data-state=live]").waitFor();

function panes(page: Page) {
  return { phone: page.locator("#customer"), desk: page.locator("#desk"), journal: page.locator("#journal") };
}

async function say(phone: Locator, text: string): Promise<void> {
  const field = phone.getByLabel("Message as the customer");
  await field.fill(text);
  await field.press("Enter");
}

const type = (desk: Locator, text: string) => desk.getByLabel("Write in this case").fill(text);

const entry = (desk: Locator, text: string) => desk.getByRole("log").getByRole("listitem").filter({ hasText: text });

const focused = (page: Page, target: Locator) =>
  target.evaluate((node) => node === node.ownerDocument.activeElement).catch(() => page.isClosed());

const styleOf = (target: Locator, property: "backgroundColor" | "outlineStyle") =>
  target.evaluate((node, name) => String(node.ownerDocument.defaultView?.getComputedStyle(node)[name]), property);

/** Presses Tab until `target` has the focus, and checks that the focus is visible. */
async function tabTo(page: Page, target: Locator, { backwards = false } = {}): Promise<void> {
  for (let press = 0; press < 60; press++) {
    if (await focused(page, target)) {
      expect(await styleOf(target, "outlineStyle")).toBe("solid");
      return;
    }
    await page.keyboard.press(backwards ? "Shift+Tab" : "Tab");
  }
  throw new Error(`Tab never reached ${String(target)}`);
}
