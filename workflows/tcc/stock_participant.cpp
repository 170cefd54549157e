// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/stock_participant.h"

#include "models/base/json.h"
#include "models/base/planted_bug.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

std::vector<StockRequest> requestsOf(const QJsonObject& args)
{
    std::vector<StockRequest> requests;
    for (const QJsonValue& value : args.value(QStringLiteral("lines")).toArray()) {
        const QJsonObject line = value.toObject();
        const auto number = [&line](const char* field) { return line.value(QLatin1String(field)).toString().toLongLong(); };
        requests.push_back({StockId(number("stock")), OrderItemId(number("item")), number("quantity"), line.value(QStringLiteral("name")).toString()});
    }
    return requests;
}

std::vector<ReservationId> openReservations(UnitOfWork& work, OrderId order)
{
    return work.reservations.keysIn(order, [](const StockReservation& r) { return r.state == ReservationState::Open; });
}

} // namespace

QByteArray stockArgs(const std::vector<StockRequest>& requests)
{
    JsonWriter json;
    json.beginList("lines");
    for (const StockRequest& request : requests) {
        json.beginItem();
        json.add("item", request.item.value());
        json.add("name", request.name);
        json.add("quantity", request.quantity);
        json.add("stock", request.stock.value());
        json.end();
    }
    json.end();
    return json.finish();
}

Result<void> StockParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    QStringList missing;
    const std::vector<StockRequest> requests = requestsOf(call.args);
    std::map<StockId, qint64> wanted;
    for (const StockRequest& request : requests) {
        const Stock* stock = work.stocks.find(request.stock);
        const qint64 total = wanted[request.stock] += request.quantity;
        if (!stock || stock->saleable() < total) {
            missing << QStringLiteral("%1: %2 wanted, %3 saleable").arg(request.name).arg(total).arg(stock ? stock->saleable() : 0);
        }
    }
    if (!missing.isEmpty()) {
        return fail(ErrorCode::OutOfStock, missing.join(QStringLiteral("; ")));
    }
    for (const StockRequest& request : requests) {
        Stock& stock = work.stocks.edit(request.stock);
        stock.frozen += request.quantity;
        ++stock.version;
        work.reservations.add({work.ids().next<ReservationId>(), request.stock, call.order, request.item, request.quantity, ReservationState::Open});
    }
    return {};
}

Result<void> StockParticipant::confirm(UnitOfWork& work, const BranchCall& call) const
{
    for (const ReservationId id : openReservations(work, call.order)) {
        StockReservation& reservation = work.reservations.edit(id);
        Stock& stock = work.stocks.edit(reservation.stock);
        stock.onHand -= reservation.quantity;
        stock.frozen -= reservation.quantity;
        ++stock.version;
        reservation.state = ReservationState::Deducted;
    }
    return {};
}

Result<void> StockParticipant::cancel(UnitOfWork& work, const BranchCall& call) const
{
    for (const ReservationId id : openReservations(work, call.order)) {
        StockReservation& reservation = work.reservations.edit(id);
        Stock& stock = work.stocks.edit(reservation.stock);
        stock.frozen -= reservation.quantity;
        stock.onHand -= isPlanted(PlantedBug::StockConfirmedOnCancel) ? reservation.quantity : 0;
        ++stock.version;
        reservation.state = ReservationState::Returned;
    }
    return {};
}

} // namespace counterfoil
