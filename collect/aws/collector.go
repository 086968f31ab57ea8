package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
)

// collector is one unit of collection: what it declares, and the work. run gets
// the clients of the task's account, calls through [list], [each], [describe] and
// [call] only, and reads neither clock nor environment.
type collector struct {
	collect.Declaration
	run func(ctx context.Context, c *clients, t *collect.Task) error
}
