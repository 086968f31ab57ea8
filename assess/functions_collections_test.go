package assess

import (
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

func TestNamesCollection(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]bool{
		"collection/vectors": true, "collection/vec*": true, "collection/*": true, "index/vec*/docs-1": true, "index/vectors/*": true,
		"index/*/*": true, "collection/vector": false, "index/logs/vectors": false, "vectors": false, "": false,
	} {
		got := callNamesCollection([]ref.Val{types.String(resource), types.String("vectors")})
		if got != types.Bool(want) {
			t.Errorf("%q: got %v, want %v", resource, got, want)
		}
	}
}
