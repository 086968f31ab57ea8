package main

import (
	"net/url"
	"path/filepath"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/sar"
)

// object is a JSON object.
type object = map[string]any

// lintSARIF is the result of a lint as SARIF 2.1.0. A file has a real place, so code scanning shows
// faults where they stand.
func lintSARIF(result *lintResults) object {
	rules := []object{}
	for _, r := range sar.Rules {
		rules = append(rules, object{"id": r.ID, "shortDescription": object{"text": r.Title}})
	}
	results := []object{}
	for _, file := range result.Files {
		for _, r := range file.Faults {
			results = append(results, lintSARIFResult(file.File, r))
		}
	}
	unread := []object{}
	for _, why := range result.Unreadable {
		unread = append(unread, object{"level": "error", "message": object{"text": clean(why)}})
	}
	return object{
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool": object{"driver": object{
				"name": "Assize", "version": version, "informationUri": "https://github.com/assize-dev/assize", "rules": rules,
			}},
			"columnKind":        "unicodeCodePoints", // as iam.Position counts
			"automationDetails": object{"id": "assize/iam-lint/"},
			"invocations": []object{{
				"executionSuccessful": len(unread) == 0, "toolExecutionNotifications": unread,
			}},
			"results": results,
		}},
	}
}

func lintSARIFResult(file string, r lintResult) object {
	properties := object{"severity": r.Severity}
	if len(r.Corrected) > 0 {
		properties["corrected"] = r.Corrected
	}
	return object{
		"ruleId":     r.Rule,
		"ruleIndex":  slices.IndexFunc(sar.Rules, func(rule sar.Rule) bool { return rule.ID == r.Rule }),
		"level":      sarifLevel(r.Severity),
		"message":    object{"text": clean(r.Message + ". Fix: " + r.Fix + ".")},
		"properties": properties,
		"locations": []object{{"physicalLocation": object{
			"artifactLocation": object{"uri": fileURI(file)},
			"region":           object{"startLine": r.Line, "startColumn": r.Column},
		}}},
	}
}

// fileURI is the name of a file as a reference, in which some characters need an escape (RFC 3986, 4.2).
func fileURI(name string) string { return (&url.URL{Path: filepath.ToSlash(name)}).String() }

func sarifLevel(s assize.Severity) string {
	switch s {
	case assize.Critical, assize.High:
		return "error"
	case assize.Medium:
		return "warning"
	case assize.Low, assize.Informational:
	}
	return "note"
}
