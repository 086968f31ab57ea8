package assess

import (
	"os"
	"strings"
	"testing"
)

// TestFunctionsAreDocumented holds the table of functions in docs/new-check.md
// against those that rules can call.
func TestFunctionsAreDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/new-check.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]ruleFunction{plainFunctions, contextFunctions} {
		for _, f := range list {
			if !strings.Contains(string(doc), "`"+f.name+"(") {
				t.Errorf("%s stands in no row of docs/new-check.md", f.name)
			}
		}
	}
}
