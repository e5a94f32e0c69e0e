/** Every route but the webhooks, which server.ts answers itself, in the order in which they are tried. */
import { Hono } from "hono";
import { connectionLost } from "../lib/connection-lost.ts";
import type { ServerDeps } from "./deps.ts";
import { fileRoutes } from "./files-route.ts";
import { playgroundRoutes } from "./playground.ts";
import { type Env, wrongMethod } from "./route.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** The routes as a hono app. `closing` ends the live streams. */
export function createApp(deps: ServerDeps, closing: AbortSignal): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    await next();
    // A route that says more of its own (a file's sandbox) keeps it.
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  for (const path of ["/channels/:channel", "/channels/:channel/*"]) {
    app.all(path, (c) => wrongMethod(c, "POST"));
  }
  healthRoutes(app, deps);
  app.route(
    "/files",
    fileRoutes((token) => deps.files(token)),
  );
  if (deps.playground !== undefined) {
    for (const path of ["/", "/playground/"]) app.get(path, (c) => c.redirect("/playground"));
    app.route("/playground", playgroundRoutes(deps, deps.playground, closing));
  }
  app.notFound((c) => c.text("There is nothing here. Platforms post to /channels/<channel>.\n", 404));
  app.onError((error, c) => {
    deps.log.error({ err: error, path: c.req.path }, "web request failed");
    const [says, status] = connectionLost(error)
      ? (["The database does not answer. Try again.", 503] as const)
      : (["Something went wrong on our side; the log says what.", 500] as const);
    return c.req.path.startsWith("/playground/api/") ? c.json({ says }, status) : c.text(`${says}\n`, status);
  });
  return app;
}

function healthRoutes(app: Hono<Env>, deps: ServerDeps): void {
  app.get("/health/live", (c) => c.json({ ok: true }));
  app.get("/health/ready", async (c) => {
    const readiness = await deps.ready();
    return c.json(readiness, readiness.ok ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await deps.metrics(), 200, { "content-type": PROMETHEUS_TEXT }));
  for (const path of ["/health/live", "/health/ready", "/metrics"]) app.all(path, (c) => wrongMethod(c, "GET"));
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#basic-info */
const PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
