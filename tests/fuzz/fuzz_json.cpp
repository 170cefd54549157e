// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "models/base/json.h"
#include "tests/fuzz/order_text.h"
#include "workflows/gateway/callback_verifier.h"
#include "workflows/gateway/intent_json.h"
#include "workflows/services/import/order_json.h"

using namespace counterfoil;

namespace {

void roundTrip(const QJsonObject& object)
{
    // Escapes make the printed text longer than what was read.
    const Result<QJsonObject> again = parseJsonObject(toJson(object), {.maxBytes = 16 * 1024 * 1024});
    require(again.has_value(), "what we print is strict enough for ourselves");
    require(*again == object, "what is printed reads as the same object");
}

bool isSame(const CallbackEvent& a, const CallbackEvent& b)
{
    return a.eventId == b.eventId && a.type == b.type && a.created == b.created && a.objectKind == b.objectKind
           && a.objectId == b.objectId && a.livemode == b.livemode && a.intent.has_value() == b.intent.has_value();
}

void callback(QByteArrayView body, const QJsonObject& object)
{
    const Result<CallbackEvent> event = parseCallback(body);
    if (!event) {
        return;
    }
    require(isGatewayId(event->eventId), "the key that drops duplicates is an id");
    require(event->objectId.isEmpty() || isGatewayId(event->objectId), "what may stand in a path is an id");
    require(event->created.seconds() > 0, "a callback has a time");
    if (event->intent) {
        require(isGatewayId(event->intent->id), "an intent has an id");
        for (const Money& amount : {event->intent->amount, event->intent->amountReceived, event->intent->amountCapturable}) {
            require(!amount.isNegative(), "an intent's amounts are not negative");
            require(amount.currency() == event->intent->amount.currency(), "an intent has one currency");
        }
    }
    const Result<CallbackEvent> again = parseCallback(toJson(object));
    require(again && isSame(*event, *again), "a callback that is written anew means the same");
}

bool isWithin(const NewOrder& order)
{
    const auto isAmount = [&](const Money& money) {
        return money.currency() == order.currency && money.minor() >= 0 && money.minor() <= 1'000'000'000'000;
    };
    bool good = isAmount(order.shipping) && order.couponCodes.size() <= 20 && order.orderNo.size() <= 128;
    for (const NewOrderLine& line : order.lines) {
        good = good && line.quantity >= 1 && line.quantity <= 1'000'000
               && (!line.stated || (isAmount(line.stated->amount) && isAmount(line.stated->unitPrice)));
    }
    return good && !order.lines.empty() && order.lines.size() <= 200;
}

void order(const QJsonObject& object)
{
    const Result<NewOrder> live = parseOrder(object);
    const Result<NewOrder> past = parseOrder(object, true);
    require(!live || past.has_value(), "an import takes whatever the interface takes");
    if (!past) {
        return;
    }
    require(validate(*past).has_value() && isWithin(*past), "an order that was read keeps to the limits");
    require(!live || contentHash(*live) == contentHash(*past), "both read the same order");
    const QJsonObject printed = orderJson(*past);
    const Result<NewOrder> again = parseOrder(printed, true);
    require(again.has_value(), "an order that is printed is read");
    require(orderJson(*again) == printed && contentHash(*again) == contentHash(*past), "as the same order");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArrayView input = inputOf(data, size);
    const Result<QJsonObject> object = parseJsonObject(input);
    if (!object) {
        const ErrorCode code = object.error().code;
        require(code == ErrorCode::MalformedInput || code == ErrorCode::InvalidText || code == ErrorCode::TooLarge,
                "a text that isn't taken is refused by a documented code");
        require(!parseCallback(input), "a callback is strict JSON");
        return 0;
    }
    roundTrip(*object);
    callback(input, *object);
    order(*object);
    return 0;
}
