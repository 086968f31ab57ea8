// Package iam reads AWS policy documents and decides requests against them.
//
// It is pure: no clock, no network, no environment, standard library only.
//
//   - [Parse] turns a document into an immutable [Policy] with source positions.
//   - [Policies.Decide] composes identity, resource, boundary, session, service
//     control, resource control and endpoint policies into one [Decision].
//   - [Policies.Explain] gives the same decision with the reason for each statement.
//   - [Policies.DecideUnder] gives the outcome with one assumption read the other way.
//   - [Authorizer] is the same for a program's own users: documents in, decisions out.
//   - Questions checks ask of one policy ([DeniesInsecureTransport], [PublicAccess],
//     [WildcardTrust], [TrustsService], [ConfusedDeputyProtected], [OverlyBroad],
//     [DecryptGrants] and their neighbours) answer yes, no or undecided, with the reason.
//
// AWS documentation is the truth. Where it is silent or ambiguous the engine
// follows one documented assumption and evaluates the other reading beside it, so a
// decision says which assumption it depends on (see [Ambiguity]). Not knowing is a
// value too: a context key may be unknown and a policy unreadable, and the outcome
// is then [Undecided] unless it is the same either way.
package iam
