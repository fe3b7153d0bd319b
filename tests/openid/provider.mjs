// A real OpenID provider on loopback, for the tests: its people stand in a file that a test may change at any time.
// node provider.mjs MODULE PORT PEOPLE.json CLIENT_REDIRECT LOGOUT
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [module, port, people, redirect, logout] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${module}/lib/index.js`));
const issuer = `http://127.0.0.1:${port}`;

function find(id) {
  const known = JSON.parse(readFileSync(people, "utf8"))[id];
  return known && { accountId: id, claims: async () => ({ sub: id, ...known }) };
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: "kvitto",
    client_secret: "a secret: of two & more",
    redirect_uris: [redirect],
    post_logout_redirect_uris: [`${new URL(redirect).origin}/staff/sign-in?out`],
    grant_types: ["authorization_code", "refresh_token"],
    backchannel_logout_uri: logout,
  }],
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "roles"], email: ["email"] },
  scopes: ["openid", "offline_access", "profile", "email"],
  findAccount: async (_, id) => find(id),
  issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
  pkce: { required: () => true },
  cookies: { keys: ["one of the tests"] },
});
provider.on("server_error", (_, error) => console.error("server_error", error));
createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log("listening"));
