// Package sym decides IAM requests whose condition keys are free: for a principal and an
// authorization check it gives the exact set of contexts in which the request is allowed.
//
//   - [Engine.Access] composes all layers as [iam.Policies.Decide] does, over sets of
//     contexts instead of one context. The two share the parser, the matching and the
//     reading of values; a property test holds them together.
//   - A [Set] has the algebra of sets. Equal sets are equal values.
//   - [Engine.Witness] gives a context inside of a set, [Engine.Conditions] says for people
//     what a set demands, [Engine.DeadStatements] which statements can never apply.
//
// Which keys can occur together is the [Theory]: without it, a grant that no request can
// use would look like access.
//
// Sets are decision diagrams over condition keys. An edge carries a region of a key's
// values: intervals for addresses, numbers and dates, minimal automata for texts, families
// of lists for keys with several values; each with one value more for an absent key.
// Every combination is exact. What no region can say, such as one free key compared with
// another, stays a named condition and the set says so ([Set.Conditional]); what would take
// more than the [Budget] is inconclusive ([Set.Decided]), never a guess.
package sym
