/** What people do with the console, as journeys through a browser. Each throws when something is not as it should be. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Visitors } from "./browser.ts";
import type { Demo } from "./demo.ts";

export interface Trip {
  demo: Demo;
  visitors: Visitors;
}
export type Journey = (trip: Trip) => Promise<void>;

const heading = async (page: Page) => (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";

/** A wrong rate in the ERP, from the queue to verified and resolved, by two people. */
const moneyPath: Journey = async ({ demo, visitors }) => {
  const finance = await visitors.as("finance", demo.url);
  await finance.getByRole("link", { name: "Exceptions", exact: true }).click();
  await finance.waitForURL(/\/exceptions$/);
  await finance.getByLabel("Rule", { exact: true }).selectOption("RAT-02");
  await finance.getByRole("button", { name: "Filter" }).click();
  await finance.waitForURL(/rule=RAT-02/);
  await finance
    .getByRole("link", { name: /^Rate .* in Salesforce, .* in NetSuite$/ })
    .first()
    .click();
  await finance.waitForURL(/\/exceptions\/[0-9a-f]{32}$/);
  const exception = finance.url();
  const title = /^Rate \d+\.\d+ in Salesforce, \d+\.\d+ in NetSuite$/;
  await finance.getByRole("heading", { level: 1, name: title }).waitFor();
  await finance.getByRole("link", { name: "Preview the push" }).click();
  await finance.getByRole("button", { name: "Request this push" }).click();
  await finance.waitForURL(/\/pushes\//);
  const push = finance.url();
  equal(
    await finance.getByRole("button", { name: "Approve and write" }).count(),
    0,
    "the requester is offered approval",
  );

  const approver = await visitors.as("approver", demo.url);
  await approver.getByRole("link", { name: /Pushes.*1 push for you/ }).click();
  await approver.getByRole("table").getByRole("link", { name: "Correct the rate line in NetSuite" }).click();
  await approver.waitForURL(push);
  await approver.getByRole("button", { name: "Approve and write" }).click();
  await approver.getByText("Verified: read back and the rule passes").first().waitFor({ timeout: 120_000 });
  await finance.reload();
  await finance.getByText("Verified: read back and the rule passes").first().waitFor();
  await finance.goto(exception);
  await finance.getByText("Resolved", { exact: true }).first().waitFor();
  await finance.getByText("The systems agree again").waitFor();
  // The ERP logs no change of a rate; that it changed was seen by comparing readings.
  await finance.getByText("Seen by comparing readings").first().waitFor();
};

/** A stale source is said at the top of every page, in words. */
const staleSource: Journey = async ({ demo, visitors }) => {
  const url = await demo.startStale();
  const page = await visitors.as("exec", url);
  for (const path of ["/", "/exceptions", "/pushes", "/sync", "/runs"]) {
    await page.goto(url + path);
    const banner = page.getByRole("status").filter({ hasText: "was last read whole" });
    await banner.waitFor();
    match(
      (await banner.textContent()) ?? "",
      /ERP \(NetSuite\) was last read whole .* nothing new is opened and nothing is resolved/,
    );
  }
  const fresh = await visitors.as("exec", demo.url);
  equal(await fresh.getByText("was last read whole").count(), 0, "a fresh console shows the banner");
};

/** Addresses that lead nowhere, or are mangled, still give a page with a way on. */
const badAddresses: Journey = async ({ demo, visitors }) => {
  const page = await visitors.as("exec", demo.url);
  for (const path of ["/no/such/page", "/exceptions/none", "/runs/none", "/pushes/none"]) {
    const answer = await page.goto(demo.url + path);
    equal(answer?.status(), 404, path);
    equal(await heading(page), "There is nothing at this address");
    ok(await page.getByRole("navigation", { name: "Pages" }).isVisible(), `${path} lost the navigation`);
  }
  const mangled = await page.goto(
    `${demo.url}/exceptions?severity=banana&min=lots&after=%25&status=nope&rule=%27`,
  );
  equal(mangled?.status(), 200);
  ok((await page.locator("[data-row]").count()) > 0, "a mangled filter shows no rows");
};

/** Sign-in refuses, in words; a page asked for by a stranger is where they land afterwards. */
const signIn: Journey = async ({ demo, visitors }) => {
  const page = await visitors.stranger();
  await page.goto(`${demo.url}/runs`);
  await page.waitForURL(/\/login\?next=%2Fruns/);
  await page.getByLabel("Name").fill("finance");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "The name or the password is not right." }).waitFor();
  await page.getByLabel("Password").fill(demo.passwords.get("finance") ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${demo.url}/runs`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/login/);
  await page.goto(`${demo.url}/runs`);
  await page.waitForURL(/\/login/);
};

/** From the queue to an exception's push and back with no mouse. */
const keyboardOnly: Journey = async ({ demo, visitors }) => {
  const page = await visitors.as("finance", demo.url);
  await page.goto(`${demo.url}/exceptions`, { waitUntil: "networkidle" });
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Tab");
  equal(await focused(), "Skip to the page");
  const titles = await page.locator("[data-open]").allTextContents();
  await page.keyboard.press("j");
  equal(await focused(), titles[0]);
  await page.keyboard.press("j");
  equal(await focused(), titles[1]);
  await page.keyboard.press("k");
  equal(await focused(), titles[0]);
  await page.keyboard.press("x");
  await page.getByText("1 exception selected").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("/");
  await page.keyboard.type("j");
  equal(await page.getByLabel("Text").inputValue(), "j", "a key typed into a field was taken for a command");
  await page.getByLabel("Text").blur();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/exceptions\/[0-9a-f]{32}$/);
  await page.getByRole("heading", { name: "Put it right" }).waitFor();
  await page.keyboard.press("p");
  equal(await page.evaluate(() => document.activeElement?.id), "push");
};

/** Reading, filtering and working on an exception with scripts switched off. */
const withoutScripts: Journey = async ({ demo, visitors }) => {
  const page = await visitors.as("pmo", demo.url, { scripts: false });
  await page.goto(`${demo.url}/exceptions`);
  await page.getByLabel("Severity").selectOption("3");
  await page.getByRole("button", { name: "Filter" }).click();
  match(page.url(), /severity=3/);
  await page.locator("[data-open]").first().click();
  await page.getByRole("button", { name: "Take it up" }).click();
  await page.getByText("In progress", { exact: true }).first().waitFor();
  await page.getByText("Comment", { exact: true }).first().click();
  await page.getByLabel("Comment").fill("Asked the project manager.");
  await page.getByRole("button", { name: "Comment" }).click();
  await page.getByText("Asked the project manager.").waitFor();
  await page.getByRole("link", { name: "Only what differs" }).click();
  match(page.url(), /only=1/);
  await page.getByRole("button", { name: "Dark" }).click();
  equal(await page.locator("html").getAttribute("data-theme"), "dark");
};

/** The export holds what the page counts. */
const exportEqualsPage: Journey = async ({ demo, visitors }) => {
  const page = await visitors.as("finance", demo.url);
  await page.goto(`${demo.url}/exceptions?status=standing`);
  const total = Number(
    /^([\d,]+) exceptions?/
      .exec((await page.locator(".queue-head strong").textContent()) ?? "")?.[1]
      ?.replace(",", ""),
  );
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).click(),
  ]);
  match(download.suggestedFilename(), /^exceptions .* UTC\.csv$/);
  const answer = await page.request.get(`${demo.url}/resources/exceptions.csv?status=standing`);
  const lines = (await answer.text()).trimEnd().split("\r\n");
  ok(total > 20);
  equal(lines.length - 1, total);
};

/** A role that only reads is offered nothing it may not do. */
const readersOnlyRead: Journey = async ({ demo, visitors }) => {
  const page = await visitors.as("exec", demo.url);
  await page.goto(`${demo.url}/exceptions`);
  equal(await page.getByRole("checkbox").count(), 0);
  await page.locator("[data-open]").first().click();
  await page.getByRole("heading", { name: "Impact" }).waitFor();
  deepEqual(await page.getByRole("main").getByRole("button").allTextContents(), ["Keys ?"]);
};

export const JOURNEYS: readonly [string, Journey][] = [
  ["signing in says what is wrong and leads to the page asked for", signIn],
  ["a wrong rate goes from finance through the approver to verified and resolved", moneyPath],
  ["a source that is too old is said at the top of every page", staleSource],
  ["a bad address gives a page with a way on", badAddresses],
  ["everything from the queue to the push works by keyboard alone", keyboardOnly],
  ["reading, filtering and working need no scripts", withoutScripts],
  ["the CSV holds as many rows as the page counts", exportEqualsPage],
  ["a role that only reads is offered nothing else", readersOnlyRead],
];
