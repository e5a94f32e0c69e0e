// `schemaFilter` keeps the tables of BullMQ's own schema out of our migrations. Paths begin at the project's root.
export default {
  dialect: "postgresql",
  schema: [
    "./src/store/schema.ts",
    "./src/store/schema-outbound.ts",
    "./src/store/schema-content.ts",
    "./src/store/schema-decided.ts",
    "./src/store/schema-desk.ts",
    "./src/store/schema-limits.ts",
    "./src/store/schema-model.ts",
    "./src/store/schema-opt-outs.ts",
  ],
  out: "./migrations",
  schemaFilter: ["public"],
  casing: "snake_case",
};
