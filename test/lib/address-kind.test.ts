import { describe, expect, it } from "vitest";
import { addressKind, isPrivateHost } from "../../src/lib/address-kind.ts";

describe("addressKind", () => {
  it.each([
    ["93.184.216.34", "public"],
    ["8.8.8.8", "public"],
    ["172.32.0.1", "public"],
    ["100.128.0.1", "public"],
    ["2606:4700:4700::1111", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["64:ff9b::808:808", "public"],
    ["127.0.0.1", "private"],
    ["127.255.255.254", "private"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "private"],
    ["198.18.0.1", "private"],
    ["::1", "private"],
    ["0:0:0:0:0:0:0:1", "private"],
    ["fc00::1", "private"],
    ["fd12:3456::1", "private"],
    ["::ffff:127.0.0.1", "private"],
    ["::ffff:7f00:1", "private"],
    ["64:ff9b::7f00:1", "private"],
    ["0.0.0.0", "never"],
    ["0.1.2.3", "never"],
    ["169.254.169.254", "never"],
    ["::ffff:169.254.169.254", "never"],
    ["64:ff9b::a9fe:a9fe", "never"],
    ["100.100.100.200", "never"],
    ["fd00:ec2::254", "never"],
    ["224.0.0.1", "never"],
    ["255.255.255.255", "never"],
    ["::", "never"],
    ["::127.0.0.1", "never"],
    ["fe80::1", "never"],
    ["fe80::1%eth0", "never"],
    ["fec0::1", "never"],
    ["ff02::1", "never"],
    ["2001:db8::1", "never"],
    ["2001::1", "never"],
    ["2002:7f00:1::1", "never"],
    ["localhost", "never"],
    ["", "never"],
  ])("%s is %s", (ip, kind) => {
    expect(addressKind(ip)).toBe(kind);
  });
});

describe("isPrivateHost", () => {
  it.each([
    ["localhost", true],
    ["crm", true],
    ["crm.internal", true],
    ["CRM.Local.", true],
    ["127.0.0.1", true],
    ["[::1]", true],
    ["10.0.0.4", true],
    ["api.vendor.com", false],
    ["internal.vendor.com", false],
    ["8.8.8.8", false],
    ["169.254.169.254", false],
    ["[fe80::1]", false],
  ])("%s: %s", (host, own) => {
    expect(isPrivateHost(host)).toBe(own);
  });
});
