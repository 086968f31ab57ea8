package arch

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// schemas are the packages of the AWS SDK that make schemas of their operations before main
// runs, as far as they may be linked: see docs/adr/0009-sdk-modules.md.
var schemas = []string{
	"bedrockagentcorecontrol", "cloudwatch",
	"signin", "sso", "ssooidc", // of the SDK's own configuration
}

// A module that is updated past its pin makes every command slower to start, plans too.
func TestSchemas(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "../../cmd/assize")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", cmd, err)
	}
	linked := make([]string, 0, len(schemas))
	for pkg := range strings.SplitSeq(string(out), "\n") {
		if service, ok := strings.CutPrefix(pkg, "github.com/aws/aws-sdk-go-v2/service/"); ok {
			if service, ok = strings.CutSuffix(service, "/schemas"); ok {
				linked = append(linked, service)
			}
		}
	}
	slices.Sort(linked)
	if diff := cmp.Diff(schemas, linked); diff != "" {
		t.Errorf("modules of the AWS SDK with schemas (-as listed +linked):\n%s", diff)
	}
}
