// Opens every report of a folder as readers do: light and dark, desktop and phone, on paper.
// Usage: node report.mjs REPORT_DIR SCREENSHOT_DIR
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [reports, screenshots] = process.argv.slice(2);
if (!reports || !screenshots) {
  console.error("usage: node report.mjs REPORT_DIR SCREENSHOT_DIR");
  process.exit(2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const files = readdirSync(reports).filter((name) => name.endsWith(".html")).sort();
if (files.length === 0) {
  console.error(`no report in ${reports}`);
  process.exit(2);
}
mkdirSync(screenshots, { recursive: true });

const screens = [
  { name: "desktop", width: 1200, height: 900 },
  { name: "phone", width: 360, height: 740 },
];
const looks = [];
for (const colorScheme of ["light", "dark"]) {
  for (const screen of screens) looks.push({ ...screen, colorScheme, media: "screen" });
}
// A4 at 96 dpi, less the margins.
looks.push({ name: "print", width: 673, height: 980, colorScheme: "dark", media: "print" });

const profile = mkdtempSync(join(tmpdir(), "reident-browser-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
  // The page forbids scripts; axe is put into it from outside, and the page's own policy is checked beforehand.
  bypassCSP: true,
});
browser.setDefaultTimeout(120_000);

let passed = 0;
let failed = 0;
const expect = (what, complaints) => {
  if (complaints.length === 0) {
    passed += 1;
  } else {
    failed += 1;
    console.error(`FAILED ${what}\n  ${complaints.join("\n  ")}`);
  }
};

// A busy machine's browser at times never answers a request for a picture of a long page; asked again it does.
const picture = async (page, name) => {
  for (let left = 3; ; left -= 1) {
    try {
      await page.bringToFront();
      return await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true, timeout: 60_000 });
    } catch (fault) {
      if (left === 1) throw fault;
      console.error(`${name}: ${String(fault.message).split("\n")[0]} Asked again.`);
    }
  }
};

for (const file of files) {
  const address = pathToFileURL(resolve(reports, file)).href;
  const source = readFileSync(join(reports, file), "utf8");
  expect(`${file}: carries no script and refers to nothing outside`, [
    ...(source.match(/<script|\son\w+\s*=|javascript:|<link|<img|<iframe|@import|url\(/gi) ?? []),
    ...(source.match(/https?:\/\/[^\s"<]*/g) ?? []),
  ]);
  for (const look of looks) {
    const page = await browser.newPage();
    await page.setViewportSize({ width: look.width, height: look.height });
    await page.emulateMedia({ colorScheme: look.colorScheme, media: look.media });
    const messages = [];
    const requests = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address, { waitUntil: "load" });
    const name = `${basename(file, ".html")}-${look.name}-${look.colorScheme}`;
    await picture(page, name);
    // What folds must be as sound as what is open, so everything is opened before it is judged.
    await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
    const wide = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const over = [...document.querySelectorAll("body *")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.right > room + 1 && !element.closest(".skip, pre, svg, thead");
      });
      const names = over.slice(0, 5).map((element) => `${element.tagName}.${element.className} reaches beyond the page`);
      for (const table of document.querySelectorAll(".scroll")) {
        if (table.scrollWidth > table.clientWidth + 1) names.push(`a table leaves its box: ${table.textContent.trim().slice(0, 60)}`);
      }
      if (document.documentElement.scrollWidth > room) names.push("the page scrolls sideways");
      return names;
    });
    if (look.media === "screen") {
      await picture(page, `${name}-open`);
    }
    expect(`${name}: nothing reaches beyond the page`, wide);
    expect(`${name}: no console message`, messages);
    expect(`${name}: no request but the file`, requests.filter((request) => request !== address));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    );
    expect(
      `${name}: axe finds no violation`,
      violations.flatMap((violation) =>
        violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.html.slice(0, 160)} — ${node.failureSummary}`),
      ),
    );
    await page.close();
  }
  const page = await browser.newPage();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(address);
  await page.pdf({ path: join(screenshots, `${basename(file, ".html")}.pdf`), preferCSSPageSize: true, printBackground: true });
  passed += 1;
  await page.close();
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
