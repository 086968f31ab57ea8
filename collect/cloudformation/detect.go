package cloudformation

import (
	"bytes"
	"path"
	"regexp"
)

// Kind is what a file is.
type Kind string

// The kinds of files.
const (
	KindNone     Kind = ""         // nothing of CloudFormation's
	KindTemplate Kind = "template" // a template in JSON or YAML
	KindAssembly Kind = "assembly" // manifest.json of the CDK's output
)

// manifestName is the file that describes the output folder of the CDK.
const manifestName = "manifest.json"

var (
	// A section at the left margin, or as the first level of JSON, with a type below it.
	templateSection = regexp.MustCompile(`(?m)^(?:[\s{,]*"Resources"\s*:|Resources\s*:|"?AWSTemplateFormatVersion"?\s*:|[\s{,]*"AWSTemplateFormatVersion"\s*:)`)
	templateMark    = regexp.MustCompile(`"?AWSTemplateFormatVersion"?\s*:|"?Type"?\s*:\s*["']?(?:AWS::|Alexa::|Custom::)[A-Za-z0-9]+|AWS::Serverless-2016-10-31`)
	artifacts       = regexp.MustCompile(`"artifacts"\s*:|"aws:cdk:|"cdk:tree"|"aws:cloudformation:stack"`)
)

// Detect tells from the first kilobytes of a file, and its name, what it is. What follows
// them is not judged.
func Detect(head []byte, name string) Kind {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if path.Base(name) == manifestName && artifacts.Match(head) {
		return KindAssembly
	}
	if templateSection.Match(head) && templateMark.Match(head) {
		return KindTemplate
	}
	return KindNone
}
