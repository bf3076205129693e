// A day at the page, told in a real browser on the real program:
//
//   node tests/browser/story.mjs target/debug/koekake
//
// Prints a line for each step and ends with 0 if all of them went well.
// KOEKAKE_SHOTS=DIR keeps a picture of each state, KOEKAKE_PICTURE=FILE makes
// the README's.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, violations } from "./axe.mjs";
import { Office } from "./office.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 800 } };
const PAPER = { viewport: { width: 794, height: 1123 } };
const NURSE = "佐藤さん(担当)";
const SUPERVISOR = "伊藤さん(係長)";
const LINE = "H-012 訪問 不在 名刺 3か月後";
const DATE = "次の声かけ 2027年2月25日(木)";

// Whatever hangs, the story ends.
setTimeout(() => {
  console.error("the story takes too long");
  process.exit(1);
}, 240_000).unref();

const shots = process.env.KOEKAKE_SHOTS;
const office = await Office.open(process.argv[2]);
const browser = await launch();

/** Does one step of the story and says that it is done. */
async function step(name, act) {
  try {
    await act();
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    await keepFailure();
    throw error;
  }
  console.log(`ok ${name}`);
}

/** Pictures of all that is open. */
async function keepFailure() {
  if (!shots) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [at, page] of pages.entries()) await page.screenshot({ path: join(shots, `failed-${at}.png`) });
}

/** A page of a browser of its own, with a short patience. */
async function visit(device, more) {
  const context = await browser.newContext({ ...device, locale: "ja-JP", timezoneId: "Asia/Tokyo", ...more });
  context.setDefaultTimeout(10000);
  return context.newPage();
}

async function be(page, who) {
  await page.goto(`${office.url}/who`);
  await page.getByRole("button", { name: who }).click();
  await page.locator("#log").waitFor();
}

/** The newest exchange that says this. */
const told = (page, words) => page.locator("article", { hasText: words }).last();

async function say(page, words) {
  await page.getByLabel("記録や質問を一行で").fill(words);
  await page.getByRole("button", { name: "送信", exact: true }).click();
}

/** Presses the newest button of that name. */
const press = (page, name) => page.getByRole("button", { name, exact: true }).last().click();

/** Nothing bars anybody from this state, and nothing of it lies beyond the screen's edge. */
async function good(page, name) {
  if (shots) {
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`) });
  }
  assert.deepEqual(await violations(page), [], name);
  const beyond = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".scroll")]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.className || element.tagName} is ${element.scrollWidth} px wide`),
  );
  assert.deepEqual(beyond, [], name);
}

/** Goes on by the Tab key alone until that element is reached. */
async function tabTo(page, name, key = "Tab") {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press(key);
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element.labels?.[0];
      return (label?.querySelector("span") ?? label ?? element).textContent;
    });
    if (at.trim() === name) return;
  }
  assert.fail(`${name} is not reached by ${key}`);
}

const moveClock = (page, name) =>
  Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole("button", { name, exact: true }).click()]);

try {
  const phone = await visit(PHONE);
  const desk = await visit(DESK);
  let morning;

  await step("whoever comes first picks whom to be", async () => {
    await phone.goto(office.url);
    assert.equal(new URL(phone.url()).pathname, "/who");
    await good(phone, "phone-door");
    await desk.goto(office.url);
    await good(desk, "desk-door");
    await be(phone, NURSE);
    await told(phone, "おはようございます").waitFor();
    await phone.locator(".scroll").evaluate((scroll) => scroll.scrollTo(0, -scroll.scrollHeight));
    await good(phone, "phone-digest");
    morning = await phone.screenshot();
  });

  await step("a line is answered with its date and weekday", async () => {
    await say(phone, LINE);
    await told(phone, "記録しました H-012 訪問・不在・名刺投函").getByText(DATE).waitFor();
    await good(phone, "phone-answer");
  });

  if (process.env.KOEKAKE_PICTURE) {
    await picture(process.env.KOEKAKE_PICTURE, morning, await phone.screenshot());
  }

  await step("it is taken back, and that too", async () => {
    await press(phone, "取り消す");
    await told(phone, "取り消しました H-012").waitFor();
    await press(phone, "取り消しをやめる");
    await told(phone, "元に戻しました H-012").getByText(DATE).waitFor();
    await good(phone, "phone-undone");
  });

  await step("a question is answered by a button, another day by a form", async () => {
    await say(phone, "H-028 電話 応答なし 2週間後");
    await told(phone, "記録しました H-028").waitFor();
    await press(phone, "日付を変える");
    await told(phone, "いつにしますか").getByRole("button", { name: "1週間後" }).waitFor();
    await good(phone, "phone-choices");
    await press(phone, "ほかの日");
    const form = told(phone, "いつにしますか").locator("form.fill");
    await form.getByLabel("いつにしますか").fill("2026-12-08");
    await good(phone, "phone-form");
    await form.getByRole("button").click();
    await told(phone, "12月8日(火)").waitFor();
  });

  await step("chatter is met with silence", async () => {
    const before = await phone.locator("article").count();
    await say(phone, "公用車の鍵どこですか？");
    await phone.locator("#hint", { hasText: "何も残していません" }).waitFor();
    assert.equal(await phone.locator("article").count(), before);
    await good(phone, "phone-silence");
  });

  await step("the digest appears while the page is open, without a reload", async () => {
    await be(desk, SUPERVISOR);
    const digests = phone.locator("article", { hasText: "おはようございます" });
    const before = await digests.count();
    await phone.evaluate(() => (window.isStillHere = true));
    await moveClock(desk, "1日進める");
    await digests.nth(before).waitFor();
    assert.equal(await phone.evaluate(() => window.isStillHere), true);
    assert.match(await phone.locator("#clock").textContent(), /2026年11月26日\(木\)/);
    await good(phone, "phone-live");
  });

  await step("she takes it on and is told until when", async () => {
    const card = told(phone, "おはようございます").locator("section", { hasText: "H-040" });
    await card.getByRole("button", { name: "開く" }).click();
    await told(phone, "H-040 支援中").waitFor();
    await good(phone, "phone-opened");
    await press(phone, "やります");
    await told(phone, "H-040 対応中").getByText("12月3日(木)に記録がなければ").waitFor();
    await good(phone, "phone-taken");
  });

  await step("the supervisor sees who is overdue", async () => {
    await desk.goto(`${office.url}/#latest`);
    await say(desk, "期限超過");
    await told(desk, "すべてに予定あり").getByRole("heading", { name: /H-048/ }).waitFor();
    await good(desk, "desk-overdue");
    await desk.getByRole("link", { name: "係長" }).click();
    await desk.getByRole("heading", { name: /^期限超過/ }).waitFor();
    await good(desk, "desk-supervisor");
  });

  await step("the board is filtered and leads to a household", async () => {
    await desk.getByRole("link", { name: "一覧" }).click();
    await good(desk, "desk-board");
    await desk.getByLabel("担当").selectOption({ label: "佐藤さん" });
    await desk.getByLabel("世帯コード").fill("h12");
    await desk.getByRole("button", { name: "表示", exact: true }).click();
    assert.equal(await desk.locator("tbody tr").count(), 1);
    await good(desk, "desk-board-filtered");
    await desk.getByRole("link", { name: "H-012" }).click();
    await desk.getByRole("heading", { name: "世帯 H-012" }).waitFor();
    await desk.getByText("訪問・不在・名刺投函").first().waitFor();
    await good(desk, "desk-household");
    await desk.goto(`${office.url}/board`);
    assert.ok((await desk.locator("tbody tr").count()) > 50);
  });

  await step("what is coming is listed by week", async () => {
    await desk.getByRole("link", { name: "予定" }).click();
    await desk.getByRole("heading", { name: /今週の予定/ }).waitFor();
    await good(desk, "desk-coming");
  });

  await step("every page fits a telephone", async () => {
    const places = { board: "/board", coming: "/coming", household: "/h/H-012", trouble: "/h/H-999", forbidden: "/supervisor" };
    for (const [name, path] of Object.entries(places)) {
      await phone.goto(office.url + path);
      await good(phone, `phone-${name}`);
    }
    const lead = await visit(PHONE);
    await be(lead, SUPERVISOR);
    await good(lead, "phone-lead-chat");
    await lead.getByRole("link", { name: "係長" }).click();
    await lead.getByRole("heading", { name: /^期限超過/ }).waitFor();
    await good(lead, "phone-supervisor");
    await lead.context().close();
  });

  await step("a line typed while the program is dead stays, and is sent once", async () => {
    await phone.goto(`${office.url}/#latest`);
    await office.end("SIGKILL");
    await say(phone, "H-008 訪問 不在 名刺 2週間後");
    const waiting = phone.locator("#waiting .said");
    await waiting.getByText("未送信").waitFor();
    await waiting.getByText("H-008 訪問 不在 名刺 2週間後").waitFor();
    await good(phone, "phone-unsent");
    await office.start();
    await told(phone, "記録しました H-008").waitFor();
    assert.equal(await waiting.count(), 0);
    await phone.reload();
    assert.equal(await phone.locator("article", { hasText: "記録しました H-008" }).count(), 1);
    await good(phone, "phone-sent");
  });

  await step("the same works without script", async () => {
    const plain = await visit(PHONE, { javaScriptEnabled: false });
    await be(plain, NURSE);
    await say(plain, "H-024 電話 応答なし 3週間後");
    await told(plain, "記録しました H-024").getByText("次の声かけ 12月17日(木)").waitFor();
    await press(plain, "取り消す");
    await told(plain, "取り消しました H-024").waitFor();
    await say(plain, "会議室空いてますか");
    await plain.getByText("何も残していません").waitFor();
    await plain.context().close();
  });

  await step("a form from before a restart keeps its words, and is sent with one press", async () => {
    // Only our own script stays out: axe-core needs the browser's.
    const plain = await visit(PHONE);
    await plain.route("**/chat.js", (route) => route.abort());
    await be(plain, NURSE);
    await plain.getByLabel("記録や質問を一行で").fill("H-036 手紙 投函 1か月後");
    await office.end("SIGTERM");
    await office.start();
    await plain.getByRole("button", { name: "送信", exact: true }).click();
    await plain.getByRole("heading", { name: "画面が古くなっていました" }).waitFor();
    assert.equal(await plain.getByLabel("未送信").inputValue(), "H-036 手紙 投函 1か月後");
    await good(plain, "phone-stale");
    await press(plain, "もう一度送る");
    await told(plain, "記録しました H-036").waitFor();
    await plain.context().close();
  });

  await step("the keyboard alone is enough", async () => {
    const keys = await visit(DESK);
    await keys.goto(`${office.url}/who`);
    await tabTo(keys, NURSE);
    await keys.keyboard.press("Enter");
    await keys.locator("#log").waitFor();
    await tabTo(keys, "記録や質問を一行で");
    await keys.keyboard.type("H-016 電話 応答なし 10日後");
    await keys.keyboard.press("Enter");
    await told(keys, "記録しました H-016").waitFor();
    await tabTo(keys, "取り消す", "Shift+Tab");
    await good(keys, "desk-keyboard");
    await keys.keyboard.press("Enter");
    await told(keys, "取り消しました H-016").waitFor();
    await keys.goto(`${office.url}/board`);
    await tabTo(keys, "本文へ移動");
    await keys.keyboard.press("Enter");
    await tabTo(keys, "担当");
    await tabTo(keys, "H-048");
    await keys.keyboard.press("Enter");
    await keys.getByRole("heading", { name: "世帯 H-048" }).waitFor();
    await keys.context().close();
  });

  await step("the board is printed as a list, with its day", async () => {
    const paper = await visit(PAPER);
    await be(paper, SUPERVISOR);
    await paper.goto(`${office.url}/board`);
    await paper.emulateMedia({ media: "print" });
    for (const unseen of ["nav", ".filter", ".visitor"]) assert.ok(!(await paper.locator(unseen).isVisible()), unseen);
    await paper.getByRole("columnheader", { name: "世帯" }).first().waitFor();
    await paper.locator(".printed", { hasText: "2026年11月26日(木)" }).waitFor();
    await good(paper, "paper-board");
    const pages = (await paper.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages <= 6, `${pages} sheets for one office`);
    if (shots) await paper.pdf({ format: "A4", path: join(shots, "paper-board.pdf") });
    await paper.context().close();
  });

  await step("nothing was said of a fault", async () => {
    const errors = await office.close();
    assert.doesNotMatch(errors, /panicked|ERROR/);
  });
} finally {
  await browser.close();
  await office.close();
}

/** Two telephones beside one another: the morning, and a line with its answer. */
async function picture(file, ...screens) {
  const page = await browser.newPage({ viewport: { width: 800, height: 780 }, deviceScaleFactor: 1.5 });
  const images = screens.map((screen) => `<img alt="" src="data:image/png;base64,${screen.toString("base64")}">`);
  await page.setContent(
    `<style>body { margin: 0; display: flex; gap: 40px; padding: 20px; box-sizing: border-box; background: #e8f1fe; }
     img { width: 360px; border-radius: 12px; box-shadow: 0 1px 6px #0006; }</style>${images.join("")}`,
  );
  await writeFile(file, await page.screenshot());
  await page.close();
}
