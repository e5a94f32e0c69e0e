import { expect, test } from "vitest";
import { isInternalHost } from "../../src/lib/internal-host.ts";

const INSIDE = `
  localhost LOCALHOST. crm crm.internal wiki.corp printer.local nas.lan a.b.svc shop.test
  10.0.0.4 127.0.0.1 192.168.1.1 172.16.0.1 172.31.9.9 100.64.0.1 169.254.169.254 198.18.0.1
  [::1] ::1 [fd00::2] [fe80::1]`;
const OUTSIDE = `
  example.com local.example.com internal.io xn--mnchen-3ya.de 10.example.com
  8.8.8.8 172.32.0.1 100.128.0.1 198.20.0.1 1.10.0.0 [2606:4700::1111]`;
const hosts = (text: string): string[] => text.trim().split(/\s+/);

test.each(hosts(INSIDE))("%s is inside", (host) => {
  expect(isInternalHost(host)).toBe(true);
});

test.each(hosts(OUTSIDE))("%s is not", (host) => {
  expect(isInternalHost(host)).toBe(false);
});
