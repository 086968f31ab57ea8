package aws

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/smithy-go"
)

// kind is what an error code says.
type kind int

const (
	denied    kind = iota + 1 // the caller may not
	identity                  // the caller is not known: where a Region is not enabled, its end points say so
	optIn                     // the account has not opted in
	throttled                 // too often
	passing                   // the service has a moment of weakness
)

// codes are the error codes whose meaning does not follow from the HTTP status.
var codes = map[string]kind{
	"AccessDenied": denied, "AccessDeniedException": denied, "AuthorizationError": denied,
	"AuthorizationErrorException": denied, "NotAuthorized": denied, "NotAuthorizedException": denied,
	"UnauthorizedOperation": denied, "Client.UnauthorizedOperation": denied, "UnauthorizedException": denied,
	"UnauthorizedAccess": denied, "ForbiddenException": denied, "AllAccessDisabled": denied,
	"AccountProblem": denied, "InvalidSecurity": denied, "SignatureDoesNotMatch": denied,
	"ExpiredToken": denied, "ExpiredTokenException": denied, "TokenRefreshRequired": denied,
	"RequestExpired": denied, "RequestTimeTooSkewed": denied, "MissingAuthenticationToken": denied,

	"UnrecognizedClientException": identity, "InvalidClientTokenId": identity, "AuthFailure": identity,
	"InvalidAccessKeyId": identity, "InvalidToken": identity, "IllegalLocationConstraintException": identity,

	"OptInRequired": optIn, "SubscriptionRequiredException": optIn,

	"Throttling": throttled, "ThrottlingException": throttled, "ThrottledException": throttled,
	"RequestThrottled": throttled, "RequestThrottledException": throttled, "TooManyRequestsException": throttled,
	"ProvisionedThroughputExceededException": throttled, "RequestLimitExceeded": throttled,
	"Client.RequestLimitExceeded": throttled, "BandwidthLimitExceeded": throttled, "LimitExceededException": throttled,
	"SlowDown": throttled, "PriorRequestNotComplete": throttled, "EC2ThrottledException": throttled,
	"ThrottlingError": throttled, "RateExceeded": throttled,

	"InternalFailure": passing, "InternalError": passing, "InternalServerError": passing,
	"InternalServerException": passing, "InternalServiceError": passing, "InternalServiceException": passing,
	"KMSInternalException": passing, "ServiceUnavailable": passing, "ServiceUnavailableException": passing,
	"DependencyTimeoutException": passing, "RequestTimeout": passing, "RequestTimeoutException": passing,
}

// classify tells why a call of the SDK failed in a Region.
func classify(region string, err error) *collect.Failure {
	f := &collect.Failure{Cause: assize.ServiceError, Detail: message(err), Err: err}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		f.Code = api.ErrorCode()
	}
	if byCode(f, region) || byContext(f, err) || byStatus(f, err) {
		return f
	}
	if _, ok := errors.AsType[*smithy.DeserializationError](err); ok {
		f.Cause = assize.WrongAnswer
		f.Retry = networkFailed(err) // it may have been cut off on its way
		return f
	}
	f.Retry = networkFailed(err) && retryNetwork(err)
	return f
}

// byCode fills in what the error code says.
func byCode(f *collect.Failure, region string) bool {
	switch codes[f.Code] {
	case denied:
		f.Cause = assize.Denied
		f.Retry = f.Code == "RequestTimeTooSkewed" // the client has learnt the service's time by now
	case identity, optIn:
		// The same credentials are good in the home Region, or nothing would have begun.
		f.Cause = assize.Denied
		if needsOptIn(region) {
			f.Cause = assize.RegionNotEnabled
		}
	case throttled:
		f.Cause, f.Throttle, f.Retry = assize.Throttled, true, true
	case passing:
		f.Retry = true
	default:
		return false
	}
	return true
}

// byContext fills in that there was no answer in time, or nobody waited for it.
func byContext(f *collect.Failure, err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), ok && timeout.Timeout():
		f.Cause, f.Retry, f.Detail = assize.Timeout, true, "no answer in time"
	case errors.Is(err, context.Canceled):
		f.Cause, f.Detail = assize.Interrupted, "the call was cancelled"
	default:
		return false
	}
	return true
}

// byStatus fills in what the HTTP status says.
func byStatus(f *collect.Failure, err error) bool {
	response, ok := errors.AsType[statusError](err)
	if !ok {
		return false
	}
	switch status := response.HTTPStatusCode(); {
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		f.Cause = assize.Denied
	case status == http.StatusTooManyRequests, status == 509:
		f.Cause, f.Throttle, f.Retry = assize.Throttled, true, true
	case status == http.StatusNotImplemented:
	case status >= 500:
		f.Retry = true
	case status < 300:
		return false
	}
	return true
}

// networkFailed tells whether the connection failed, rather than the answer.
func networkFailed(err error) bool {
	_, netErr := errors.AsType[net.Error](err)
	return netErr || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// retryNetwork is false where the name of the end point does not exist.
func retryNetwork(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return !ok || !dns.IsNotFound
}

// message says in a few words what happened.
func message(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorMessage() != "" {
		return api.ErrorMessage()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Error()
	}
	if response, ok := errors.AsType[statusError](err); ok && response.HTTPStatusCode() >= 300 {
		return "HTTP status " + strconv.Itoa(response.HTTPStatusCode()) + ", without a code that says why"
	}
	if decoding, ok := errors.AsType[*smithy.DeserializationError](err); ok && decoding.Err != nil {
		return "the answer cannot be decoded: " + decoding.Err.Error()
	}
	if op, ok := errors.AsType[*smithy.OperationError](err); ok && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}

// statusError is an error that came with an HTTP answer.
type statusError interface {
	error
	HTTPStatusCode() int
}
