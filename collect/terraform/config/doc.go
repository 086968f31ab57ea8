// Package config evaluates the configuration of Terraform and OpenTofu without running either: files in HCL and
// JSON, with overrides, variables, locals, modules, count, for_each, dynamic blocks and pure functions.
//
// What only a provider or an apply can say is unknown. A text that is known in part
// stays readable: see [Object] for what stands in it.
//
// Rules of the language are those of HashiCorp's documentation of Terraform 1.11.
package config
