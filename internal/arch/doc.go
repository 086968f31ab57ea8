// Package arch holds the house rules that a compiler does not know, as tests: who may import whom
// (rules_test.go), what stays pure, and that the explicit lists of collectors, formats and commands name
// everything that there is. It has no code of its own.
package arch
