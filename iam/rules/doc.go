// Package rules judges what a principal may do after every layer of policies: identity
// policies, permissions boundary, service control policies.
//
// Each question about access is answered yes with a request that the policies allow, decided
// once more by the concrete evaluator, and with a policy that takes the fault away. That policy
// was judged again before it is shown: with it the question is answered no, and what the
// principal needs is allowed as before. A layer that could not be read makes an answer
// undecided wherever it matters.
//
// It is pure: no clock, no network, no files.
package rules
