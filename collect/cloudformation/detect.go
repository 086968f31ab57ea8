package cloudformation

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
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
	section, cut := sectionOfObject(head)
	if templateMark.Match(head) && (section || templateSection.Match(head)) || section && cut {
		return KindTemplate
	}
	return KindNone
}

// sections of templates. Those that are objects may be longer than what is looked at.
var sections = map[string]bool{
	"Conditions": true, "Mappings": true, "Outputs": true, "Parameters": true, "Resources": true, "Rules": true,
	"AWSTemplateFormatVersion": false, "Transform": false,
}

// sectionOfObject tells a template in JSON on one line: an object with a section of templates
// among its own names, as far as they stand in head. cut: head ends within the section, an object.
func sectionOfObject(head []byte) (found, cut bool) {
	d := json.NewDecoder(bytes.NewReader(head))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return false, false
	}
	for {
		name, err := d.Token()
		if err != nil {
			return found, false // the end of the object, of what there is of it, or of what is JSON
		}
		text, _ := name.(string)
		isObject, section := sections[text]
		found = found || section
		var value json.RawMessage
		from := d.InputOffset()
		if err := d.Decode(&value); err != nil {
			begins := bytes.TrimLeft(head[from:], ": \t\r\n")
			return found, isObject && errors.Is(err, io.ErrUnexpectedEOF) && bytes.HasPrefix(begins, []byte("{"))
		}
	}
}
