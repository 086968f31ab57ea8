package assess

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
)

// callUnreadable answers unreadable(code): nothing. It is for answers in which the
// service itself says that it could not read a part, such as the environment of a
// function whose key the reader may not use; the code says why.
func callUnreadable(args []ref.Val) ref.Val {
	c, code := args[0].(*evalContext), string(args[1].(types.String))
	cause := assize.ServiceError
	if strings.Contains(code, "AccessDenied") {
		cause = assize.Denied
	}
	return c.unknown(&assize.Unknown{Cause: cause, Code: code, Detail: "the service could not read it itself"})
}
