// What a person is told when it cannot be, in both languages.

import { offeredSample, startPull } from "../steps.mjs";

const cases = (practice) => [
  { reference: "nowhere.invalid/team/app:1", code: "hostUnknown" },
  { reference: "localhost:1/team/app:1", code: "unreachable" },
  { reference: `${practice}/practice/nowhere:1`, code: "repositoryUnknown" },
];

export const stories = Object.fromEntries(
  ["en", "ko"].map((language) => [
    `each failure has its own sentence (${language})`,
    async (stage) => {
      const app = await stage.app({ language });
      const sample = await offeredSample(app);
      const [address] = sample.split("/");
      const known = sample.replace(/:[^/:]*$/, "");
      for (const { reference, code } of [...cases(address), { reference: `${known}:no-such-tag`, code: "tagUnknown" }]) {
        await startPull(app, reference);
        await app.page.seeText(app.words.part(`errors.${code}.title`), { patience: 60_000 });
        await app.page.seeText(app.words.part(`errors.${code}.todo`));
        await stage.picture(app, `error-${code}-${language}`);
      }
    },
  ]),
);
