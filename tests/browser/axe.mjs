// Opens pages in the system's Chromium and asks axe-core what bars people from them.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts Chromium; nothing is downloaded, and nothing but the page is asked. */
export function launch(executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium") {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * What axe-core finds on an open page, by its WCAG 2.2 AA rules and best
 * practices: one line for each element, none where all is well.
 */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document));
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** Opens an address and gives what axe-core finds there. */
export async function violationsAt(page, url) {
  await page.goto(url);
  return violations(page);
}
