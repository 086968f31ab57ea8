// Package assess is the engine: it compiles checks and judges the resources of
// an inventory with them. It is pure: no clock, no network, no file, no
// environment; the same inventory, profile and checks give the same findings in
// the same order.
//
// A rule is one CEL expression of type bool over a resource with declared facts
// (types.go). Unknown values stand inside the data and flow through the
// expression (values.go); expressions whose answer an unknown could falsify are
// refused when they are compiled (guard.go). So a rule answers true, false, or
// unknown with the cause; an evaluation error is unknown with cause "error in
// rule", never a pass or a fail.
package assess
