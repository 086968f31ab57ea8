// Package gen writes least-privilege policies for AI workloads and proves each of them before it
// hands it out.
//
// An [Options] names an archetype (see [Archetypes]) and what it is for: models, Regions,
// guardrails, networks, roles. [Generate] writes the documents, and beside them says what they
// are for: which API calls have to work, under which conditions exactly, and who gets nothing.
// That is said in other words than the documents (conditions that must hold, never a Deny), so
// that the engine can compare the two:
//
//   - every check of every call is allowed in just the contexts that were asked for, by
//     package iam/sym, and a witness of each is decided again by package iam;
//   - no other action of the Service Authorization Reference is allowed on anything;
//   - package iam/sar finds no fault;
//   - the document fits the quota of its kind.
//
// What fails any of that is an error, and nothing is handed out. The checks of a call come from
// package iam/plan.
//
// It is pure: the same options and data give the same bytes.
package gen
