package aws

import (
	"errors"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/smithy-go"
)

// classify tells why a call of the SDK failed.
func classify(region string, err error) *collect.Failure {
	f := &collect.Failure{Cause: assize.ServiceError, Detail: err.Error(), Err: err}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.Code, f.Detail = api.ErrorCode(), api.ErrorMessage()
	}
	return f
}
