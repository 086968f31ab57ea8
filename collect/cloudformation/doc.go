// Package cloudformation reads CloudFormation templates in JSON and YAML, with the nested
// templates that are at hand, and the output folder of the CDK. They become an
// [assize.Inventory] of the same resources that a live account gives, with what is not
// known until the stack is made as unknown.
//
// Rules are those of the AWS CloudFormation User Guide: "Template sections", "Intrinsic
// function reference", "Pseudo parameters reference" and "AWS::LanguageExtensions transform".
package cloudformation
