/** The CRM's own objects as this firm's admins extended them: clients, deals, contracts, users. */
import {
  choice,
  currencyCode,
  date,
  flag,
  integrationKey,
  legalEntity,
  longText,
  money,
  object,
  percent,
  reference,
  text,
  whole,
} from "../metadata.ts";

export const user = object({
  name: "User",
  label: "User",
  prefix: "005",
  fields: [
    text("Username", 80, { required: true }),
    text("Name", 121, { required: true }),
    text("Email", 128),
    flag("IsActive", { initial: true }),
    text("EmployeeNumber", 20),
    text("FederationIdentifier", 512),
    reference("ManagerId", "User"),
    choice("UserType", ["Standard", "AutomatedProcess"], { initial: "Standard" }),
    text("TimeZoneSidKey", 40, { initial: "America/New_York" }),
  ],
});

export const account = object({
  name: "Account",
  label: "Account",
  prefix: "001",
  history: { object: "AccountHistory", parentField: "AccountId" },
  fields: [
    text("Name", 255, { required: true, tracked: true }),
    text("AccountNumber", 40, { tracked: true }),
    choice("Type", ["Customer", "Prospect", "Partner", "Other"]),
    reference("ParentId", "Account"),
    reference("OwnerId", "User"),
    choice("Industry", [
      "Healthcare",
      "Finance",
      "Manufacturing",
      "Retail",
      "Technology",
      "Energy",
      "Government",
    ]),
    text("BillingStreet", 255),
    text("BillingCity", 40),
    text("BillingState", 80),
    text("BillingPostalCode", 20),
    text("BillingCountry", 80),
    text("Phone", 40),
    text("Website", 255),
    currencyCode(),
    { ...legalEntity(), tracked: true },
    choice("Status__c", ["Active", "Inactive"], { restricted: true, initial: "Active", tracked: true }),
    text("Tax_Number__c", 40),
    text("ERP_Customer_Id__c", 40, { label: "ERP Customer Id", externalId: true, unique: true }),
  ],
});

const STAGES = [
  "Prospecting",
  "Qualification",
  "Needs Analysis",
  "Value Proposition",
  "Proposal/Price Quote",
  "Negotiation/Review",
  "Closed Won",
  "Closed Lost",
];

export const opportunity = object({
  name: "Opportunity",
  label: "Opportunity",
  prefix: "006",
  history: { object: "OpportunityFieldHistory", parentField: "OpportunityId" },
  fields: [
    text("Name", 120, { required: true }),
    reference("AccountId", "Account"),
    reference("OwnerId", "User"),
    choice("StageName", STAGES, { required: true, tracked: true }),
    money("Amount", { tracked: true }),
    percent("Probability"),
    date("CloseDate", { required: true, tracked: true }),
    // The stage decides both; nobody writes them.
    flag("IsWon", { writable: false }),
    flag("IsClosed", { writable: false }),
    choice("Type", ["New Business", "Existing Business"]),
    reference("ContractId", "Contract"),
    longText("Description"),
    currencyCode(),
  ],
  rules: [
    {
      name: "Won_Opportunity_Close_Date_is_Locked",
      message: "Close date is locked",
      field: "CloseDate",
      fails: (row, before) =>
        before?.IsWon === true && row.IsWon === true && row.CloseDate !== before.CloseDate,
    },
  ],
});

export const contract = object({
  name: "Contract",
  label: "Contract",
  prefix: "800",
  history: { object: "ContractHistory", parentField: "ContractId" },
  fields: [
    text("ContractNumber", 30, { autoNumber: "{00000000}", writable: false }),
    text("Name", 80),
    reference("AccountId", "Account", { required: true }),
    reference("OwnerId", "User"),
    choice("Status", ["Draft", "In Approval Process", "Activated"], {
      restricted: true,
      initial: "Draft",
      tracked: true,
    }),
    choice("StatusCode", ["Draft", "InApproval", "Activated"], { writable: false, initial: "Draft" }),
    date("StartDate"),
    date("EndDate"),
    whole("ContractTerm"),
    money("Value__c"),
    currencyCode(),
    legalEntity(),
    date("Signed_Date__c"),
    choice("Billing_Type__c", ["Time and Materials", "Time and Materials, capped", "Fixed Price"]),
    money("Cap__c"),
    percent("Discount__c"),
    text("Payment_Terms__c", 40),
    flag("PO_Required__c"),
    text("PO_Number__c", 40),
    reference("Opportunity__c", "Opportunity"),
  ],
});

export const contractAmendment = object({
  name: "Contract_Amendment__c",
  label: "Contract Amendment",
  prefix: "a01",
  fields: [
    text("Name", 80, { required: true }),
    reference("Contract__c", "Contract", { required: true }),
    choice("Status__c", ["Draft", "Signed"], { restricted: true, initial: "Draft" }),
    date("Signed_Date__c"),
    date("Effective_Date__c"),
    date("End_Date__c"),
    money("Value__c"),
    money("Cap__c"),
    currencyCode(),
  ],
});

export const contractRate = object({
  name: "Contract_Rate__c",
  label: "Contract Rate",
  prefix: "a02",
  history: { object: "Contract_Rate__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { autoNumber: "CR-{00000}", writable: false }),
    reference("Contract__c", "Contract", { required: true }),
    reference("Account__c", "Account", { required: true }),
    choice("Role__c", ["Consultant", "Senior Consultant", "Architect", "Project Manager"], {
      required: true,
    }),
    money("Rate__c", { scale: 4, required: true, tracked: true }),
    currencyCode(),
    date("Start_Date__c", { required: true }),
    date("End_Date__c", { tracked: true }),
    choice("Status__c", ["Draft", "Signed"], { restricted: true, initial: "Draft", tracked: true }),
    integrationKey(),
  ],
  rules: [
    {
      name: "Start_Date_must_be_before_End_Date",
      message: "The start date must not be after the end date.",
      field: "End_Date__c",
      fails: (row) =>
        typeof row.Start_Date__c === "string" &&
        typeof row.End_Date__c === "string" &&
        row.Start_Date__c > row.End_Date__c,
    },
  ],
});
