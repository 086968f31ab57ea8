package auditmanager_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library/auditmanager"
)

var ours = &assize.Framework{ID: "ours", Groups: []assize.Group{{ID: "g", Controls: []assize.Control{
	{
		ID: "SECAI3.2", Title: "Data Encryption In Transit", Provenance: assize.ProvenanceAWS, Checks: []string{"a", "b"},
		Expectations: []assize.Expectation{{ID: "tls", Kind: assize.ByCheck, Checks: []string{"a"}}},
	},
	{ID: "O-1", Title: "Lanterns are lit", Provenance: assize.ProvenanceAssize, Checks: []string{"c"}},
}}}}

const framework = `{"framework": {"id": "f-1", "name": "Lighthouse practices", "type": "Standard", "description": "Made up.",
  "controlSets": [
    {"id": "s-1", "name": "Lamps", "controls": [
      {"id": "c-1", "name": "SECAI3.2: Data Encryption in transit"},
      {"id": "c-2", "name": "LAMP9.1: Lanterns are lit"},
      {"id": "c-3", "name": "LAMP9.2: Oil is kept"},
      {"id": "c-4", "name": "A name without a number"}]},
    {"id": "s-2", "name": "Empty", "controls": []}]}}`

const controls = `{"control": {"id": "c-1", "name": "SECAI3.2: Data Encryption in transit", "description": "Made-up words.", "testingInformation": "Look.",
  "actionPlanTitle": "Mend", "actionPlanInstructions": "Mend it.\nThen look again."}}
{"control": {"id": "c-2", "name": "LAMP9.1: Lanterns are lit", "description": "They burn."}}
[{"control": {"id": "c-3", "name": "LAMP9.2: Oil is kept", "description": "Oil.", "controlMappingSources": [
  {"sourceName": "one", "sourceType": "AWS_Config", "sourceKeyword": {"keywordInputType": "SELECT_FROM_LIST", "keywordValue": "CLOUD_TRAIL_ENABLED"}},
  {"sourceName": "two", "sourceType": "AWS_API_Call", "sourceFrequency": "WEEKLY", "sourceKeyword": {"keywordValue": "bedrock_ListGuardrails"}},
  {"sourceName": "three", "sourceType": "AWS_Security_Hub", "sourceKeyword": {"keywordValue": "SageMaker.1"}},
  {"sourceName": "four", "sourceType": "AWS_Cloudtrail", "sourceKeyword": {"keywordValue": "bedrock_DeleteGuardrail"}},
  {"sourceName": "five", "sourceType": "AWS_Cloudtrail", "sourceKeyword": {"keywordValue": "bedrock_GetGuardrail"}},
  {"sourceName": "Store of oil", "sourceType": "MANUAL", "sourceDescription": "The book of the store.", "sourceKeyword": {"keywordInputType": "INPUT_TEXT"}},
  {"sourceName": "seven", "sourceType": "Core_Control"}]}}]`

func convert(t *testing.T, files ...string) *auditmanager.Result {
	t.Helper()
	var e auditmanager.Export
	for _, f := range files {
		if err := e.Add("file", []byte(f)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := e.Convert("out", ours)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestConvert(t *testing.T) {
	t.Parallel()
	r := convert(t, framework, controls)
	fw := r.Framework
	if fw.Title != "Lighthouse practices" || len(fw.Groups) != 1 || !strings.Contains(fw.Provenance, "the user's own data") || fw.Licence == "" {
		t.Errorf("header: %+v", fw)
	}
	demand := assize.Expectation{
		Kind: assize.ByFile, Owner: "control owner", Cadence: "FREQ=YEARLY", Title: "Provide the evidence that the control asks for",
		Example: "A dated document that shows for each sentence of the control what is done, and who answers for it",
	}
	named := func(id, title string) assize.Expectation {
		e := demand
		e.ID, e.Title = id, title
		return e
	}
	book := named("store-of-oil", "Provide evidence: Store of oil")
	book.Kind, book.Example = assize.ByText, "The book of the store."
	want := []assize.Control{
		{
			ID: "SECAI3.2", Title: "Data Encryption in transit", Provenance: "imported", Note: "Imported from AWS Audit Manager, control c-1; evidence as of Assize's SECAI3.2",
			Description: "Made-up words.", Testing: "Look.", ActionPlanTitle: "Mend", ActionPlan: "Mend it. Then look again.",
			Checks: []string{"b"}, Expectations: []assize.Expectation{{ID: "tls", Kind: assize.ByCheck, Checks: []string{"a"}}},
		},
		{
			ID: "LAMP9.1", Title: "Lanterns are lit", Provenance: "imported", Note: "Imported from AWS Audit Manager, control c-2; evidence as of Assize's O-1",
			Description: "They burn.", Checks: []string{"c"},
		},
		{
			ID: "LAMP9.2", Title: "Oil is kept", Provenance: "imported", Note: "Imported from AWS Audit Manager, control c-3", Description: "Oil.",
			Expectations: []assize.Expectation{
				{ID: "config-cloud-trail-enabled", Kind: assize.ByConfig, Title: "Results of the AWS Config rule CLOUD_TRAIL_ENABLED", Keyword: "CLOUD_TRAIL_ENABLED"},
				{ID: "api-bedrock-listguardrails", Kind: assize.ByAPI, Title: "Answers of the API operation bedrock_ListGuardrails", Keyword: "bedrock_ListGuardrails", Cadence: "FREQ=WEEKLY"},
				{ID: "securityhub-sagemaker-1", Kind: assize.BySecurityHub, Title: "Findings of the Security Hub control SageMaker.1", Keyword: "SageMaker.1"},
				{ID: "cloudtrail-bedrock-deleteguardrail", Kind: assize.ByCloudTrail, Title: "CloudTrail events bedrock_DeleteGuardrail", Keyword: "bedrock_DeleteGuardrail"},
				named("five", "Provide evidence: five"), book, named("seven", "Provide evidence: seven"),
			},
		},
		{
			ID: "A name without a number", Title: "A name without a number", Provenance: "imported", Note: "Imported from AWS Audit Manager, control c-4",
			Expectations: []assize.Expectation{named("evidence", demand.Title)},
		},
	}
	if diff := cmp.Diff(want, fw.Groups[0].Controls); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]auditmanager.Match{{"SECAI3.2 Data Encryption in transit", "SECAI3.2"}, {"LAMP9.1 Lanterns are lit", "O-1"}}, r.Matched); diff != "" {
		t.Errorf("matched (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A name without a number"}, r.Partial); diff != "" {
		t.Errorf("partial (-want +got):\n%s", diff)
	}
	if len(r.Notes) != 2 {
		t.Errorf("notes: %v", r.Notes)
	}
}

// What an attacker writes into an export is text: it makes no id twice, and leaves nothing that a terminal takes for a command.
func TestHostile(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä ", 5000)
	r := convert(t, `{"framework": {"name": "\u001b[31m../../x", "controlSets": [
	  {"name": "../../etc", "controls": [{"id": "1", "name": "A1: x"}, {"id": "2", "name": "A1: y\u202e"}, {"id": "3", "name": "\u0000"}]},
	  {"name": "../../etc", "controls": [{"id": "4", "name": "`+long+`", "description": "`+long+`"}]}]}}`)
	seen := map[string]bool{}
	for _, g := range r.Framework.Groups {
		if strings.ContainsAny(g.ID, "/\\") || seen["group "+g.ID] {
			t.Errorf("group id %q", g.ID)
		}
		seen["group "+g.ID] = true
		for _, c := range g.Controls {
			if seen[c.ID] || c.ID == "" || c.Title == "" || len([]rune(c.ID+": "+c.Title)) > 300 || len([]rune(c.Description)) > 1000 {
				t.Errorf("control %.80q %.80q", c.ID, c.Title)
			}
			seen[c.ID] = true
		}
	}
	if all := r.Framework.Title + r.Framework.Provenance + strings.Join(r.Unmatched, "") + strings.Join(r.Notes, ""); strings.ContainsAny(all, "\x1b\x00\u202e") {
		t.Errorf("control characters are kept: %.200q", all)
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, want string }{
		{"nothing", "", "is empty"},
		{"no JSON", "framework: x", "is no JSON"},
		{"another answer", `{"frameworkMetadataList": []}`, "is no answer of Audit Manager"},
		{"a list of frameworks", `{"framework": {"name": "x"}}`, "not of list-assessment-frameworks"},
		{"a control without a name", `{"control": {"id": "x"}}`, "use the answer of get-control"},
		{"wrong type", `{"framework": {"name": 3}}`, "cannot unmarshal"},
		{"half a file", `{"framework": {`, "is no JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var e auditmanager.Export
			if err := e.Add("the-file.json", []byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "the-file.json: ") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	var none auditmanager.Export
	if _, err := none.Convert("x", ours); err == nil || !strings.Contains(err.Error(), "get-assessment-framework") {
		t.Errorf("got %v", err)
	}
	if err := none.Add("f", []byte(framework+framework)); err != nil {
		t.Fatal(err)
	}
	if _, err := none.Convert("x", ours); err == nil || !strings.Contains(err.Error(), "one at a time") {
		t.Errorf("got %v", err)
	}
}
