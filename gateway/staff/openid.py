"""The city's identity provider, asked by OpenID Connect: who is it, what may they, are they still there?

The authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636), refresh tokens (RFC 6749
section 6) and back-channel logout (OpenID Connect Back-Channel Logout 1.0). oauthlib writes the requests and reads the
answers, joserfc checks the signatures.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from channels.http_client import trust
from config.openid import Openid
from gateway.staff.openid_sessions import Answer, Identity, Refused, Unreachable

TIMEOUT = 10.0
LARGEST = 500_000
"""Bytes of one answer of the provider."""

FRESH = 3600.0
"""Seconds for which what the provider says of itself counts."""
KEYS_EVERY = 10.0
"""Seconds at least between two looks at its keys: an unknown one is looked for once, not at every attempt."""

LEEWAY = 60
"""Seconds by which its clock and ours may differ."""

ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
]
"""Signatures that only the provider can make. None, or one with our own secret, is no proof."""

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(kw_only=True)
class Provider:
    """One provider. What it says of itself is remembered for a while."""

    settings: Openid
    redirect: str
    # where it sends people back to
    _about: dict[str, Any] = field(default_factory=dict)
    _about_until: float = 0.0
    _keys: KeySet | None = None
    _keys_at: float = float("-inf")

    async def write_request(self, state: str, nonce: str, verifier: str) -> str:
        """The address to send somebody to. Raises Unreachable."""
        about, client = await self.look_up(), self._client()
        wanted = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.redirect,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": client.create_code_challenge(verifier, "S256"),
            "code_challenge_method": "S256",
        }
        return str(httpx.URL(about["authorization_endpoint"]).copy_merge_params(wanted))

    async def redeem(self, code: str, nonce: str, verifier: str) -> Answer:
        """Who came back with this code. Raises Refused and Unreachable."""
        if not code:
            raise Refused("the provider sent no code")
        body = self._client().prepare_request_body(
            code=code, redirect_uri=self.redirect, code_verifier=verifier, include_client_id=False
        )
        return await self._take(await self._ask_token(body), nonce)

    async def renew(self, refresh: str) -> Answer:
        """Whether somebody is still there. Raises Refused when not, and Unreachable."""
        if not refresh:
            raise Refused("this house has another key now, and cannot ask")
        body = self._client().prepare_refresh_body(refresh_token=refresh)
        return await self._take(await self._ask_token(body), "", refresh)

    async def read_logout(self, token: str) -> str:
        """The subject that a logout token ends (section 2.6). Raises Refused and Unreachable."""
        claims = await self._verify(token, nonce="", exp=False)
        events = claims.get("events")
        if not isinstance(events, Mapping) or LOGOUT not in events or "nonce" in claims:
            raise Refused("no logout token")
        return self._subject(claims)

    async def leave(self, home: str) -> str:
        """Where somebody signs out there too; "" when the provider has no such page. Raises Unreachable."""
        about = await self.look_up()
        end = str(about.get("end_session_endpoint", ""))
        if not end:
            return ""
        request = httpx.URL(end).copy_merge_params(
            {"client_id": self.settings.client_id, "post_logout_redirect_uri": home}
        )
        return str(request)

    async def look_up(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0). Raises Unreachable."""
        if time.monotonic() < self._about_until:
            return self._about
        issuer = self.settings.issuer.rstrip("/")
        about = await self._get(f"{issuer}/.well-known/openid-configuration")
        if str(about.get("issuer", "")).rstrip("/") != issuer:
            raise Unreachable("it calls itself something else")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(about.get(name, ""))).scheme not in {"https", urlsplit(issuer).scheme}:
                raise Unreachable(f"it names no {name} that can be used")
        self._about, self._about_until = about, time.monotonic() + FRESH
        return about

    async def count_keys(self) -> int:
        """How many keys it signs with. Raises Unreachable."""
        return len((await self._read_keys()).keys)

    # --- tokens

    async def _take(self, tokens: Mapping[str, Any], nonce: str, before: str = "") -> Answer:
        told = tokens.get("id_token")
        if not told:
            if nonce:
                raise Refused("no ID token")
            return Answer(identity=None, refresh=str(tokens.get("refresh_token") or before))
        claims = await self._verify(str(told), nonce=nonce)
        if self._find(claims, self.settings.rights_claim) is None:
            claims = await self._complete(claims, str(tokens.get("access_token", "")))
        return Answer(identity=self._identify(claims), refresh=str(tokens.get("refresh_token") or before))

    async def _verify(self, token: str, *, nonce: str, exp: bool = True) -> dict[str, Any]:
        """The claims of a signed token for us (section 3.1.3.7)."""
        claims = await self._decode(token)
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": (await self.look_up())["issuer"]},
            "aud": {"essential": True, "value": self.settings.client_id},
            "exp": {"essential": exp},
            "iat": {"essential": True},
        }
        if nonce:
            wanted["nonce"] = {"essential": True, "value": nonce}
        try:
            JWTClaimsRegistry(now=lambda: int(time.time()), leeway=LEEWAY, **wanted).validate(claims)
        except JoseError as error:
            raise Refused(f"token: {error.error}") from error
        if claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise Refused("token: made out to somebody else")
        return claims

    async def _decode(self, token: str) -> dict[str, Any]:
        for again in (False, True):
            keys = await self._read_keys(again=again)
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError) as error:
                # Perhaps it signs with a new key.
                if again:
                    raise Refused(f"token: {type(error).__name__}") from error
        raise AssertionError

    async def _read_keys(self, *, again: bool = False) -> KeySet:
        if self._keys is None or (again and time.monotonic() - self._keys_at > KEYS_EVERY):
            found = await self._get(str((await self.look_up())["jwks_uri"]))
            try:
                self._keys = KeySet.import_key_set({"keys": found["keys"]})
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise Unreachable("its keys cannot be read") from error
            self._keys_at = time.monotonic()
        return self._keys

    async def _complete(self, claims: dict[str, Any], access: str) -> dict[str, Any]:
        """What only the UserInfo endpoint tells (section 5.3)."""
        endpoint = str((await self.look_up()).get("userinfo_endpoint", ""))
        if not endpoint or not access:
            return claims
        more = await self._get(endpoint, {"authorization": f"Bearer {access}"})
        if more.get("sub") != claims.get("sub"):
            raise Refused("UserInfo tells of somebody else")
        return {**more, **claims}

    def _identify(self, claims: Mapping[str, Any]) -> Identity:
        settings = self.settings
        told = self._find(claims, settings.rights_claim)
        held = {str(each) for each in (told if isinstance(told, list) else [told])} if told else set()
        grants = [each for each in settings.grants if each.value in held]
        subject = self._subject(claims)
        login = str(self._find(claims, settings.login_claim) or claims.get("email") or claims["sub"])

        def unite(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(one for each in grants for one in getattr(each, name)))

        return Identity(
            subject=subject,
            login=login.strip().lower()[:200],
            name=str(claims.get("name") or login)[:200],
            roles=unite("roles"),
            boards=unite("boards"),
            departments=unite("departments"),
        )

    def _subject(self, claims: Mapping[str, Any]) -> str:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise Refused("it names nobody")
        return f"{self.settings.issuer.rstrip('/')} {subject}"

    @staticmethod
    def _find(claims: Mapping[str, Any], path: str) -> Any:
        """A claim by its name, or by a way into one: some providers' names have dots themselves."""
        if path in claims:
            return claims[path]
        found: Any = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    # --- the wire

    def _client(self) -> WebApplicationClient:
        return WebApplicationClient(self.settings.client_id)

    async def _ask_token(self, body: str) -> dict[str, Any]:
        about = await self.look_up()
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        login = None
        ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self.settings.client_secret and "client_secret_basic" in ways:
            login = httpx.BasicAuth(_quote(self.settings.client_id), _quote(self.settings.client_secret))
        else:
            own = {"client_id": self.settings.client_id, "client_secret": self.settings.client_secret}
            body += "&" + str(httpx.QueryParams({name: value for name, value in own.items() if value}))
        status, text = await self._send("POST", str(about["token_endpoint"]), headers, body, login)
        if status >= 500:
            raise Unreachable(f"it answered {status}")
        try:
            return dict(self._client().parse_request_body_response(text))
        except OAuth2Error as error:
            raise Refused(f"token endpoint: {error.error or type(error).__name__}") from error
        except ValueError as error:
            raise Unreachable("its answer cannot be read") from error

    async def _get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        status, text = await self._send("GET", url, {"accept": "application/json", **(headers or {})})
        if status in {401, 403} and headers:
            raise Refused(f"it answered {status}")
        try:
            found = json.loads(text) if status == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Unreachable(f"it answered {status}, and no JSON object")
        return found

    @staticmethod
    async def _send(
        method: str, url: str, headers: Mapping[str, str], body: str = "", login: httpx.Auth | None = None
    ) -> tuple[int, str]:
        try:
            async with (
                httpx.AsyncClient(timeout=TIMEOUT, verify=trust(), trust_env=False, auth=login) as client,
                client.stream(method, url, headers=dict(headers), content=body or None) as answer,
            ):
                content = b""
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > LARGEST:
                        raise Unreachable("its answer does not end")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unreachable(type(error).__name__) from error
        return answer.status_code, content.decode("utf-8", "replace")


def _quote(text: str) -> str:
    """RFC 6749 section 2.3.1: both are form-encoded before they are put into the header."""
    return str(httpx.QueryParams({"x": text}))[2:]
