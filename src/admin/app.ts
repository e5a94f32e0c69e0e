/** All routes except webhooks, which server.ts answers itself, in the order in which they are matched. */
import { Hono } from "hono";
import { connectionLost } from "../lib/connection-lost.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Readiness } from "../metrics/health.ts";
import type { ServerDeps } from "./deps.ts";
import { fileRoutes } from "./files-route.ts";
import { createGate } from "./gate.ts";
import { playgroundRoutes } from "./playground.ts";
import { createRefusalRecorder } from "./refusals.ts";
import { type Env, type ListenerScope, wrongMethod } from "./route.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

interface AppOptions {
  scope: ListenerScope;
  /** Ends the live streams. */
  closing: AbortSignal;
}

/** Creates the routes as a Hono app. */
export function createApp(deps: ServerDeps, { scope, closing }: AppOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    await next();
    // A route's own stricter header (a file's sandbox) wins.
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  app.get("/health/live", (c) => c.json({ ok: true }));
  app.all("/health/live", (c) => wrongMethod(c, "GET"));
  if (scope !== "admin") publicRoutes(app, deps);
  if (scope !== "public") privateRoutes(app, deps, { scope, closing });
  const throttle = createLogThrottle({ clock: deps.clock });
  app.notFound((c) => c.text("Not found. Platforms post to /channels/<channel>.\n", 404));
  app.onError((error, c) => {
    const fields = throttle("failed");
    if (fields !== null) deps.log.error({ err: error, path: c.req.path, ...fields }, "web request failed");
    const [message, status] = connectionLost(error)
      ? (["The database does not answer. Try again.", 503] as const)
      : (["Internal error; see the log.", 500] as const);
    return c.req.path.startsWith("/playground/api/") ? c.json({ message }, status) : c.text(`${message}\n`, status);
  });
  return app;
}

function publicRoutes(app: Hono<Env>, deps: ServerDeps): void {
  for (const path of ["/channels/:channel", "/channels/:channel/*"]) {
    app.all(path, (c) => wrongMethod(c, "POST"));
  }
  app.route(
    "/files",
    fileRoutes((token) => deps.files(token)),
  );
}

/** The names that monitors read: public since the first version. */
function readinessJson({ ok, checks }: Readiness) {
  const entries = Object.entries(checks).map(([name, check]) => [name, { ok: check.ok, says: check.message }]);
  return { ok, checks: Object.fromEntries(entries) };
}

function privateRoutes(app: Hono<Env>, deps: ServerDeps, { scope, closing }: AppOptions): void {
  const recordRefusal = createRefusalRecorder(deps);
  const gate = createGate(deps, { recordRefusal, scope });
  app.use("/health/ready", gate.monitoring("ready"));
  app.get("/health/ready", async (c) => {
    const readiness = await deps.ready();
    return c.json(readinessJson(readiness), readiness.ok ? 200 : 503);
  });
  app.use("/metrics", gate.monitoring("metrics"));
  app.get("/metrics", async (c) => c.body(await deps.metrics(), 200, { "content-type": PROMETHEUS_TEXT }));
  for (const path of ["/health/ready", "/metrics"]) app.all(path, (c) => wrongMethod(c, "GET"));
  const { playground } = deps;
  if (playground === undefined) return;
  app.get("/", async (c) => ((await gate.admits(c)) ? c.redirect("/playground") : c.notFound()));
  // This path also matches /playground. Running the gate twice would use up a link and then refuse it.
  app.use("/playground/*", gate.page);
  app.get("/playground/", (c) => c.redirect("/playground"));
  app.route("/playground", playgroundRoutes(deps, playground, { closing, recordRefusal }));
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#basic-info */
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
