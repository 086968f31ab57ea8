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

// callNotSaid answers notSaid(what): nothing, because the service gave an answer that
// leaves it open, such as a credential without any date.
func callNotSaid(args []ref.Val) ref.Val {
	c, what := args[0].(*evalContext), string(args[1].(types.String))
	return c.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: "the service does not say " + what})
}
