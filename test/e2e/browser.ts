/** The browser: sign-in, a watch on everything it complains of, and axe. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where Debian puts it; another can be named. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export interface Look {
  theme?: "light" | "dark";
  width?: number;
  scripts?: boolean;
}

export interface Visitors {
  /** A fresh browser profile, signed in on this console. */
  as(name: string, url: string, look?: Look): Promise<Page>;
  /** A fresh profile that is nobody. */
  stranger(look?: Look): Promise<Page>;
  /** What browsers complained of: script errors, policy violations, failed hydration. */
  complaints: string[];
  close(): Promise<void>;
}

export async function openVisitors(passwords: ReadonlyMap<string, string>): Promise<Visitors> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const complaints: string[] = [];
  const context = async ({
    theme = "light",
    width = 1440,
    scripts = true,
  }: Look = {}): Promise<BrowserContext> => {
    const profile = await browser.newContext({
      viewport: { width, height: width < 500 ? 844 : 900 },
      colorScheme: theme,
      javaScriptEnabled: scripts,
    });
    profile.setDefaultTimeout(20_000);
    return profile;
  };
  const watched = async (profile: BrowserContext): Promise<Page> => {
    const page = await profile.newPage();
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      const text = message.text();
      // A page that is not there is asked for on purpose; the browser notes its status.
      if (message.type() !== "error" || /status of (401|403|404)/.test(text)) return;
      complaints.push(`${page.url()}: ${text}`);
    });
    return page;
  };
  return {
    complaints,
    stranger: async (look) => watched(await context(look)),
    async as(name, url, look) {
      const page = await watched(await context(look));
      await page.goto(`${url}/login`);
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Password").fill(passwords.get(name) ?? "");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${url}/`);
      return page;
    },
    close: () => browser.close(),
  };
}

/** What axe finds wrong with the page as it stands, one line per violation. */
export async function axeViolations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  // Through the debugger, since the page's own policy rightly refuses a script put into it.
  await session.send("Runtime.evaluate", { expression: AXE });
  const { result } = await session.send("Runtime.evaluate", {
    expression:
      "axe.run().then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.length + ' × ' + v.nodes[0].html.slice(0, 120))))",
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(String(result.value)) as string[];
}
