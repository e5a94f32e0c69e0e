import { defineConfig } from "drizzle-kit";

// `schemaFilter` keeps the tables of BullMQ's own schema out of our migrations.
// biome-ignore lint/style/noDefaultExport: drizzle-kit reads the default export.
export default defineConfig({
  dialect: "postgresql",
  schema: ["./src/store/schema.ts", "./src/store/schema-desk.ts", "./src/store/schema-limits.ts"],
  out: "./migrations",
  schemaFilter: ["public"],
  casing: "snake_case",
});
