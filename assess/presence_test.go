package assess

import (
	"testing"

	"github.com/assize-dev/assize"
)

func TestOnlyUnknown(t *testing.T) {
	t.Parallel()
	denied := &assize.Unknown{Cause: assize.Denied}
	throttled := &assize.Unknown{Cause: assize.Throttled}
	object := func(a, b assize.Value) assize.Object {
		return assize.NewObject(map[string]assize.Value{"A": a, "B": b})
	}
	for name, test := range map[string]struct {
		value assize.Value
		want  *assize.Unknown
	}{
		"all unknown":              {object(denied, throttled), denied},
		"unknown below":            {object(object(throttled, denied), denied), throttled},
		"elements not known":       {object(assize.List{denied}, denied), denied},
		"one known":                {object(denied, "x"), nil},
		"one known below":          {object(denied, object(denied, false)), nil},
		"an empty list is known":   {object(denied, assize.List{}), nil},
		"an element is known":      {assize.List{assize.Object{}, denied}, nil},
		"an empty object is known": {assize.Object{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := onlyUnknown(test.value); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
