// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_server.h"
#include "app/worker/api_port.h"
#include "app/worker/api_service.h"

#include <QJsonObject>
#include <QMutex>
#include <QSet>

namespace counterfoil {

/// A worker whose answers a test sets. It keeps keys, tokens and callbacks as the real one promises to. Set it up between calls only.
class FakePort final : public ApiPort {
public:
    void placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256,
                    std::function<void(ApiAnswer)> done) override;
    void requestRefund(RefundCall call, std::function<void(ApiAnswer)> done) override;
    void storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done) override;
    void recordRefusal(QString reason, qint64 sizeBytes, QString peer) override;
    void findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done) override;
    WorkerStatistics statistics() const override { return worker; }
    void findOrder(QString reference, std::function<void(Result<OrderDetail>)> done) override;
    void readStatus(std::function<void(Result<SystemStatus>)> done) override;

    struct Refusal {
        QString reason;
        qint64 sizeBytes = 0;
        QString peer;
    };
    struct Placed {
        NewOrder order;
        QString actor;
        QString requestSha256;
        ApiAnswer answer;
    };

    /// Label by SHA-256.
    QHash<QString, QString> tokens;
    std::optional<ErrorCode> tokenError;
    std::optional<ErrorCode> placeError;
    std::optional<ErrorCode> storeError;
    std::optional<ErrorCode> findError;
    std::optional<ErrorCode> statusError;
    OrderDetail order;
    WorkerStatistics worker;
    int tokenLookups = 0;
    int statusReads = 0;
    /// By idempotency key.
    QMap<QString, Placed> placed;
    struct Refunded {
        RefundCall call;
        ApiAnswer answer;
    };
    QMap<QString, Refunded> refunded;
    std::optional<ErrorCode> refundError;
    QMap<QString, QByteArray> callbacks;
    std::vector<Refusal> refusals;
};

struct Reply {
    int status = 0;
    QByteArray head;
    QByteArray body;

    /// The first value of a header, or empty.
    QByteArray header(const QByteArray& name) const;
    QJsonObject json() const;
    QString errorCode() const;
    QString errorField() const;
};

struct Call {
    QByteArray method = "GET";
    QByteArray target;
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body;
};

/// The service behind the real listener, over a FakePort and a clock that stands still.
class ApiStage {
public:
    ApiStage();
    ~ApiStage();

    /// One request on a connection of its own. Status 0: no answer.
    Reply call(const Call& call) const;

    /// A well-made request: token, key, content type.
    Call order(const QByteArray& body, const QByteArray& key = "key-1") const;
    /// A well-signed one.
    Call callback(const QByteArray& body) const;
    static Call get(const QByteArray& target, bool withToken = false);

    FakePort port;
    ManualClock clock;

    static const QByteArray token;
    static const QByteArray secret;
    static const QByteArray goodOrder;
    static const QByteArray goodEvent;

private:
    ApiService m_service;
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
};

} // namespace counterfoil
