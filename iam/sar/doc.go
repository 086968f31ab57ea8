// Package sar knows what AWS's Service Authorization Reference says: every action of every
// service with its access level, resource types and condition keys; and what we add to it:
// classes of the actions of AI services, the APIs that take a role, the global condition keys.
//
// [Default] is the data built into the program, [Open] a data pack loaded at run time. [Lint]
// judges a policy document against either. [ManagedPolicies] are AWS managed policies, for
// when the versions in force in an account are not at hand.
//
// It is pure: no clock, no network, no files. The data is decoded service by service, when
// first asked for. The command gen below this folder writes it; see data/README.md.
package sar
