// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QList>
#include <QNetworkReply>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <memory>
#include <utility>

class QNetworkAccessManager;

namespace counterfoil {

class OneShotBody;

struct HttpRequest {
    QUrl url;
    /// POST with this body, GET if empty: every POST has a body, since only a body that can't be read twice keeps the
    /// network library from sending the request twice.
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers;
};

struct HttpLimits {
    /// From the start to the last byte of the answer.
    Duration deadline;
    qint64 answerBytesMax = 0;
};

/// What came back. `failure` is empty only for an answer that is known to be whole.
struct HttpResult {
    int status = 0;
    QByteArray body;
    QByteArray requestId;
    /// `timeout`, `connection_lost`, `connection_refused`, `host_not_found`, `tls_failed`, `proxy_failed`, `truncated`, `too_large`.
    QString failure;
    /// The network library's words, for the record. May name the URL.
    QString failureDetail;
    /// No connection came about: nothing of the request left this machine.
    bool neverSent = false;
    /// As received.
    QByteArray retryAfter;
    Duration elapsed;
};

/// One HTTP request, sent at most once, within a deadline and a bound on the answer's size. Never follows a redirect, never
/// answers an authentication challenge, keeps no cookies, reads no cache, always verifies TLS. Calls `done` exactly once, from
/// the event loop, unless destroyed before: then the request is aborted and nobody is called.
class HttpAttempt : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(HttpResult)>;
    HttpAttempt(QNetworkAccessManager& manager, const HttpRequest& request, HttpLimits limits, Done done, QObject* parent = nullptr);
    ~HttpAttempt() override;

private:
    void handleReadyRead();
    void handleFinished();
    void handleDeadline();
    void stop(const QString& failure, const QString& detail);
    void classify(HttpResult& result) const;
    void finish(HttpResult result);

    const HttpLimits m_limits;
    Done m_done;
    std::unique_ptr<OneShotBody> m_upload;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_deadline;
    qint64 m_startedNanos = 0;
    QByteArray m_answer;
    QString m_stopped;
    QString m_stoppedDetail;
};

} // namespace counterfoil
