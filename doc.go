// Package assize holds the nouns and contracts of the platform: resources with
// known, absent and unknown values, gaps with causes, checks, findings and
// frameworks. It imports the standard library only; every other package imports
// it and none is imported by it.
//
// Data moves one way: a source yields records (API answers) or resources, the
// engine judges resources against checks, reports write the findings. Not
// knowing is a value on the whole way: an answer that could not be had is a
// [Gap], a property behind it is [Unknown], and a verdict that needs it is
// [Inconclusive].
package assize
