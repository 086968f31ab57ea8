package assess

import "github.com/assize-dev/assize"

// onlyUnknown returns an *Unknown where nothing within v is known: an object that
// could not be looked at is there as the facts declared below it, all unknown, and
// that must not read as presence. It is nil where something is known, also that
// an object or a list is empty, or which resource a value will name.
func onlyUnknown(v assize.Value) *assize.Unknown {
	var first *assize.Unknown
	part := func(v assize.Value) bool {
		u := onlyUnknown(v)
		if first == nil {
			first = u
		}
		return u != nil
	}
	switch x := v.(type) {
	case *assize.Unknown:
		if x.Refers != nil {
			return nil // it is there, and names a resource
		}
		return x
	case assize.Object:
		for _, f := range x {
			if !part(f.Value) {
				return nil
			}
		}
	case assize.List:
		for _, e := range x {
			if !part(e) {
				return nil
			}
		}
	}
	return first
}
