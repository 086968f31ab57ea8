package assess

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize/graph"
)

// callNamesCollection answers namesCollection(resource, name): whether a resource of a
// policy of OpenSearch Serverless ("collection/vec*", "index/vec*/docs-*") takes in the
// collection of the name, or one of its indexes.
func callNamesCollection(args []ref.Val) ref.Val {
	parts := strings.SplitN(string(args[0].(types.String)), "/", 3)
	if len(parts) < 2 {
		return types.False
	}
	return types.Bool(graph.Glob(parts[1], string(args[1].(types.String))))
}
