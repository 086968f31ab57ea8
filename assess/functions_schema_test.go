package assess_test

import (
	"strconv"
	"testing"

	"github.com/assize-dev/assize"
)

// TestSchemaBounds holds which schemas limit the size of what they take.
func TestSchemaBounds(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]assize.Outcome{
		`{"type": "object", "additionalProperties": false, "properties": {"prompt": {"type": "string", "maxLength": 4000}, "top": {"type": "number"}}}`: assize.Pass,

		`{"type": "object", "properties": {"prompt": {"type": "string", "maxLength": 4000}}}`: assize.Fail,

		`{"type": "object", "additionalProperties": false, "properties": {"prompt": {"type": "string"}}}`: assize.Fail,

		`{"type": "object", "additionalProperties": false, "patternProperties": {"x": {"type": "null"}}}`: assize.Fail,

		`{"type": "array", "items": {"type": "integer"}}`: assize.Fail,

		`{"type": "array", "maxItems": 5, "items": {"type": "integer"}}`: assize.Pass,

		`{"type": "array", "maxItems": 5}`: assize.Fail,

		`{"type": "array", "additionalItems": false, "items": [{"type": "null"}, {"enum": ["a"]}]}`: assize.Pass,

		`{"type": ["string", "null"], "maxLength": 5}`: assize.Pass,

		`{"type": ["string", "object"], "maxLength": 5}`: assize.Fail,

		`{}`: assize.Fail,

		`{"anyOf": [{"type": "null"}, {"type": "string"}]}`: assize.Fail,

		`{"oneOf": [{"type": "null"}, {"type": "string", "maxLength": 1}]}`: assize.Pass,

		`{"allOf": [{"type": "string"}, {"type": "string", "maxLength": 1}]}`: assize.Pass,

		`{"$ref": "#/definitions/p", "definitions": {"p": {"type": "string", "maxLength": 1}}}`: assize.Pass,

		`{"$ref": "#/definitions/p", "definitions": {"p": {"$ref": "#/definitions/p"}}}`: assize.Fail,

		`{"$ref": "#/definitions/nowhere"}`: assize.Fail,

		`{"$ref": "https://apigateway.amazonaws.com/restapis/a1/models/Prompt"}`: assize.Inconclusive,

		`{"type": "array", "maxItems": 1, "items": {"$ref": "https://apigateway.amazonaws.com/restapis/a/m"}}`: assize.Inconclusive,

		`{"type": "array", "items": {"$ref": "https://apigateway.amazonaws.com/restapis/a1/models/Prompt"}}`: assize.Fail,
		`#if($x) {} #end`: assize.Inconclusive,
	} {
		if got := outcomeOf(t, "schemaBounds("+strconv.Quote(schema)+")", nil); got != want {
			t.Errorf("%s: got %s, want %s", schema, got, want)
		}
	}
}
