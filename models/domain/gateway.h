// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

#include <QByteArray>

namespace counterfoil {

/// What we ask of a gateway. Each of the first five is an intention with an idempotency key of its own.
enum class GatewayOperation { CreateIntent = 0, ConfirmIntent = 1, CaptureIntent = 2, CancelIntent = 3, CreateRefund = 4, FetchIntent = 5, FetchRefund = 6, FindIntent = 7, FindRefund = 8 };
CF_ENUM_NAMES(GatewayOperation, {GatewayOperation::CreateIntent, "create_intent"}, {GatewayOperation::ConfirmIntent, "confirm_intent"},
              {GatewayOperation::CaptureIntent, "capture_intent"}, {GatewayOperation::CancelIntent, "cancel_intent"},
              {GatewayOperation::CreateRefund, "create_refund"}, {GatewayOperation::FetchIntent, "fetch_intent"},
              {GatewayOperation::FetchRefund, "fetch_refund"}, {GatewayOperation::FindIntent, "find_intent"},
              {GatewayOperation::FindRefund, "find_refund"});

/// The life of an exchange. `Sending` is committed before the first byte; `Withdrawn` only ever follows `Queued`.
enum class ExchangeState { Queued = 0, Sending = 1, Answered = 2, Refused = 3, Unknown = 4, Withdrawn = 5 };
CF_ENUM_NAMES(ExchangeState, {ExchangeState::Queued, "queued"}, {ExchangeState::Sending, "sending"}, {ExchangeState::Answered, "answered"},
              {ExchangeState::Refused, "refused"}, {ExchangeState::Unknown, "unknown"}, {ExchangeState::Withdrawn, "withdrawn"});

/// One intention towards the gateway, with the key that every attempt uses. Payloads are apart (ExchangePayload).
struct GatewayExchange {
    ExchangeId id;
    OrderId order;
    TransactionId transaction;
    GatewayOperation operation = GatewayOperation::CreateIntent;
    QString idempotencyKey;
    ExchangeState state = ExchangeState::Queued;
    int attempt = 0;
    int httpStatus = 0;
    Currency currency;
    Money amount;
    QString gatewayRef;
    QString errorCode;
    UtcTime createdAt;
    UtcTime sentAt;
    UtcTime answeredAt;
};

/// One attempt's request and answer as sent and received, redacted. Append-only.
struct ExchangePayload {
    ExchangeId exchange;
    int attempt = 0;
    QString request;
    QString answer;
    int httpStatus = 0;
    QString outcome;
    UtcTime sentAt;
    qint64 elapsedMicros = 0;
};

enum class CallbackState { Stored = 0, Applied = 1, Ignored = 2, Case = 3 };
CF_ENUM_NAMES(CallbackState, {CallbackState::Stored, "stored"}, {CallbackState::Applied, "applied"}, {CallbackState::Ignored, "ignored"}, {CallbackState::Case, "case"});

/// One notification of the gateway whose signature was good. Unique by gateway and event id.
struct GatewayCallback {
    CallbackId id;
    QString gateway;
    QString eventId;
    QString type;
    QString objectRef;
    OrderId order;
    CallbackState state = CallbackState::Stored;
    QString note;
    UtcTime receivedAt;
    UtcTime appliedAt;
};

/// The raw body of a callback, byte for byte (it is valid UTF-8: JSON is).
struct CallbackBody {
    CallbackId callback;
    QString body;
};

} // namespace counterfoil
