// Package terraform reads what Terraform and OpenTofu write: the JSON of a plan or
// state, a state file, the binary plan, and a directory of configuration. All become an
// [assize.Inventory] of the same resources that a live account gives, with
// what is not known until apply as unknown.
//
// Rules of the formats are from HashiCorp's "JSON Output Format" and from plans that were
// made with Terraform 1.11.
package terraform
