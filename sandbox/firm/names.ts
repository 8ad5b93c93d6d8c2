/** Words the make-believe firm is made of. Nobody here exists. */

export const CLIENT_NAMES = [
  "Northwind Clinics",
  "Halden Rail",
  "Brightwater Utilities",
  "Kestrel Insurance",
  "Orchard Foods",
  "Sablefield Mining",
  "Lumen Airports",
  "Tidewater Shipping",
  "Fernley Bank",
  "Castellan Defence",
  "Meadowlark Schools",
  "Ironbridge Steel",
  "Vantage Telecom",
  "Copperline Energy",
  "Harrow & Finch",
  "Solstice Pharma",
  "Greyfriars Hotels",
  "Ardent Motors",
  "Pinehurst Retail",
  "Bluewell Logistics",
  "Quayside Ports",
  "Novabruck Chemie",
  "Rheintal Maschinen",
  "Eisvogel Versicherung",
  "Hafenstadt Werke",
] as const;

export const FIRST_NAMES = [
  "Dana",
  "Marek",
  "Ines",
  "Tobias",
  "Priya",
  "Owen",
  "Lucia",
  "Hannes",
  "Amara",
  "Felix",
  "Greta",
  "Ravi",
  "Elena",
  "Jonas",
  "Sadie",
  "Mateo",
  "Nadia",
  "Callum",
  "Yuki",
  "Bram",
] as const;

export const LAST_NAMES = [
  "Whitfield",
  "Ruiz",
  "Okonkwo",
  "Lindqvist",
  "Sharma",
  "Penrose",
  "Keller",
  "Duarte",
  "Hale",
  "Voss",
  "Marlowe",
  "Iyer",
  "Brandt",
  "Castell",
  "Ferro",
  "Aldous",
  "Nakata",
  "Reiter",
  "Quill",
  "Osei",
] as const;

export const WORK_NAMES = [
  "ERP rollout",
  "Data platform",
  "Claims modernisation",
  "Network planning",
  "Cost transformation",
  "Patient portal",
  "Pricing engine",
  "Supply chain control tower",
  "Cloud migration",
  "Risk reporting",
  "Field service",
  "Customer onboarding",
  "Asset management",
  "Billing renewal",
  "Workforce planning",
] as const;

export const TASK_NAMES = ["Discovery", "Design", "Build", "Rollout"] as const;
export const MILESTONE_NAMES = ["Blueprint signed off", "Build complete", "Go-live"] as const;
export const EXPENSE_CATEGORIES = ["Airfare", "Hotel", "Ground Transportation", "Meals"] as const;

/** Role → hourly price in US cents before a client's own factor. */
export const ROLE_PRICES: Readonly<Record<string, number>> = {
  Partner: 42_000,
  "Engagement Manager": 31_000,
  "Solution Architect": 26_500,
  "Senior Consultant": 22_500,
  Consultant: 17_500,
  Analyst: 13_000,
};

/** Sold with every contract; work by any other role has no contracted rate. */
export const CONTRACT_ROLES = Object.keys(ROLE_PRICES);

/** Works on projects without being on any contract. */
export const UNPRICED_ROLE = "Project Coordinator";

/** `Northwind Clinics` → `NORT`: the first part of project codes. */
export function clientPrefix(name: string): string {
  return name
    .replace(/[^A-Za-z]/g, "")
    .slice(0, 4)
    .toUpperCase();
}

/** The financial dimensions that projects are reported under. */
export const DEPARTMENTS = ["Advisory", "Delivery"] as const;
export const PRACTICES = ["Cloud Platforms", "Data and Analytics", "Operations"] as const;
export const REGIONS = { US01: "North America", GB01: "United Kingdom", DE01: "Central Europe" } as const;
