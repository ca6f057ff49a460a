// Registries that let only one user in, over TLS with a certificate that nobody knows yet: all by clicking.

import { holdsTrue } from "../expect.mjs";
import { GuardedRegistry, PASSWORD, USER } from "../guarded-registry.mjs";
import { offeredSample, open, pull } from "../steps.mjs";

export const stories = {
  async "a registry with a certificate of its own and a password is trusted, tested, signed in to and pulled from"(stage) {
    const { app, registry, reference } = await guarded(stage, { byToken: false });
    await trust(app, registry);
    await signIn(app, "wrong");
    await app.page.seeText(app.words.part("errors.passwordWrong.title"));
    await signIn(app, PASSWORD);
    await app.page.seeText(app.words.part("registries.who.as", { name: USER }));
    await stage.picture(app, "guarded-password");
    await pull(app, reference);
    await signOut(app, registry);
  },

  async "a token service on another port sees the password only once somebody has allowed it"(stage) {
    const { app, registry, reference } = await guarded(stage, { byToken: true });
    const { tokens } = registry;
    const passwords = () => tokens.asked.filter((how) => how === "basic").length;
    // Filling the registry took tokens, too.
    tokens.asked.length = 0;
    await trust(app, registry);
    await signIn(app, PASSWORD);
    await app.page.find("group", "realm.title");
    holdsTrue(passwords() === 0, "the password went to the token service before anybody allowed it");
    await stage.picture(app, "guarded-realm");
    await app.page.click("button", app.words.pattern("action.approveRealm", { host: `localhost:${tokens.port}` }));
    await app.page.seeText(app.words.part("registries.who.as", { name: USER }));
    holdsTrue(passwords() > 0, "the token service was not asked");
    await pull(app, reference);
    await stage.picture(app, "guarded-token-pulled");
  },
};

/** A registry with an image in it, and a window on it. */
async function guarded(stage, options) {
  const registry = stage.ends(await GuardedRegistry.start(options));
  const app = await stage.app();
  const sample = await offeredSample(app);
  await registry.fill(sample, "team/hello:1.0");
  return { app, registry, reference: `${registry.address}/team/hello:1.0` };
}

/** Adds the registry, sees that it is not trusted, and trusts its authority. */
async function trust(app, registry) {
  await open(app, "frame.nav.registries");
  await app.page.fill("textbox", "registries.add.label", registry.address);
  await app.page.click("button", "registries.add.submit");
  await app.page.click("button", "registries.test.run");
  await app.page.seeText(app.words.part("errors.tlsFailed.title"));
  await app.page.click("button", "action.addCertificate");
  await app.page.fill("textbox", "registries.certificate.label", registry.files.pem.replaceAll("\n", "\uE007"));
  await app.page.click("button", "registries.certificate.save");
  await app.page.seeText(app.words.part("registries.certificate.has"));
  await app.page.click("tab", "registries.parts.access");
  await app.page.click("button", "registries.test.run");
  await app.page.seeText(app.words.part("errors.signInNeeded.title"));
}

async function signIn(app, password) {
  if ((await app.page.all("textbox", "signIn.user")).length === 0) await app.page.click("button", "action.signIn");
  await app.page.fill("textbox", "signIn.user", USER);
  await app.page.fillSecret("signIn.password", password);
  // Whether this machine has a keychain does not matter here.
  await app.page.click("radio", "signIn.keep.session");
  await app.page.click("button", "signIn.submit");
}

/** Signs out, and sees that the registry lets nobody in any more. */
async function signOut(app, registry) {
  await open(app, "frame.nav.registries");
  await app.page.click("button", new RegExp(`^${registry.address}`));
  await app.page.click("button", "registries.who.signOut");
  await app.page.seeText(app.words.part("registries.who.signedOut"));
  await app.page.click("button", "registries.test.run");
  await app.page.seeText(app.words.part("errors.signInNeeded.title"));
}
