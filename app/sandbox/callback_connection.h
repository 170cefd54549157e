// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QUrl>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace counterfoil {

/// One kept-alive connection to a callback receiver, for one request at a time. On the io_context's thread.
class CallbackConnection : public std::enable_shared_from_this<CallbackConnection> {
public:
    CallbackConnection(boost::asio::io_context& io, std::string host, std::string port);

    /// Sends a whole request; `done` gets the status of the answer, or 0 if there was none within 10 s. A connection that
    /// the receiver closed while it was idle is made anew once.
    void send(QByteArray request, std::function<void(int status)> done);

private:
    void connect();
    void write();
    void read();
    void fail();

    boost::beast::tcp_stream m_stream;
    boost::asio::ip::tcp::resolver m_resolver;
    const std::string m_host;
    const std::string m_port;
    QByteArray m_request;
    std::function<void(int)> m_done;
    boost::beast::flat_buffer m_buffer;
    std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> m_parser;
    bool m_isConnected = false;
    bool m_mayReconnect = false;
};

} // namespace counterfoil
