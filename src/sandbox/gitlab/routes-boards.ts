import type { Request, Response, Router } from 'express';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, groupOf, numberPart, projectOf } from './request';
import type { Board, BoardList } from './rows';
import { boardShape, listShape } from './shapes';
import { GitlabError, REPORTER, type Site } from './site';

/** Boards and their lists: https://docs.gitlab.com/api/boards/ */
export function boardRoutes(site: Site, router: Router): void {
  const one = '/projects/:id/boards/:board_id';
  const boardOf = (req: Request, res: Response): Board => {
    const project = projectOf(site, req, res);
    const board = site.rows.boards.get(numberPart(req, 'board_id'));
    if (!board || board.projectId !== project.id) throw GitlabError.notFound();
    return board;
  };
  const listsOf = (board: Board): BoardList[] =>
    site.rows.boardLists.filter((list) => list.boardId === board.id).sort((a, b) => a.position - b.position);
  const listOf = (board: Board, req: Request): BoardList => {
    const list = listsOf(board).find((row) => row.id === numberPart(req, 'list_id'));
    if (!list) throw GitlabError.notFound('List Not Found');
    return list;
  };
  // The boards of the sandbox are the projects'.
  router.get('/groups/:id/boards', (req, res) => {
    groupOf(site, req);
    sendPage(req, res, site.url(), [], () => null);
  });
  router.get('/projects/:id/boards', (req, res) => {
    const project = projectOf(site, req, res);
    const boards = site.rows.boards.filter((board) => board.projectId === project.id);
    sendPage(req, res, site.url(), boards, (board) => boardShape(site, board, actorOf(site, res)));
  });
  router.post('/projects/:id/boards', (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), REPORTER);
    const id = site.world.next('gitlab-board');
    const board = site.rows.boards.put(id, {
      id,
      projectId: project.id,
      name: new Params(req).required('name'),
    });
    res.status(201).json(boardShape(site, board, actorOf(site, res)));
  });
  router.get(one, (req, res) => {
    res.json(boardShape(site, boardOf(req, res), actorOf(site, res)));
  });
  router.put(one, (req, res) => {
    const board = boardOf(req, res);
    site.demand(site.project(board.projectId), actorOf(site, res), REPORTER);
    const name = new Params(req).text('name')?.trim() ?? board.name;
    if (name === '') throw GitlabError.invalid({ name: ["can't be blank"] });
    res.json(boardShape(site, site.rows.boards.put(board.id, { ...board, name }), actorOf(site, res)));
  });
  router.get(`${one}/lists`, (req, res) =>
    sendPage(req, res, site.url(), listsOf(boardOf(req, res)), (list) => listShape(site, list)),
  );
  router.post(`${one}/lists`, (req, res) => {
    const board = boardOf(req, res);
    const project = site.project(board.projectId);
    site.demand(project, actorOf(site, res), REPORTER);
    const label = site.rows.labels.get(new Params(req).required('label_id'));
    if (!label || label.projectId !== project.id) throw GitlabError.badRequest('Label not found!');
    if (listsOf(board).some((list) => list.labelId === label.id))
      throw GitlabError.invalid({ label_id: ['has already been taken'] });
    res.status(201).json(listShape(site, addList(site, board, label.id)));
  });
  router.get(`${one}/lists/:list_id`, (req, res) => {
    res.json(listShape(site, listOf(boardOf(req, res), req)));
  });
  router.put(`${one}/lists/:list_id`, (req, res) => {
    const board = boardOf(req, res);
    site.demand(site.project(board.projectId), actorOf(site, res), REPORTER);
    const list = listOf(board, req);
    const params = new Params(req);
    params.required('position');
    moveList(site, listsOf(board), list, params.integer('position') ?? 0);
    res.json(listShape(site, listOf(board, req)));
  });
  router.delete(`${one}/lists/:list_id`, (req, res) => {
    const board = boardOf(req, res);
    site.demand(site.project(board.projectId), actorOf(site, res), REPORTER);
    site.rows.boardLists.delete(listOf(board, req).id);
    res.status(204).end();
  });
  router.delete(one, (req, res) => {
    const board = boardOf(req, res);
    site.demand(site.project(board.projectId), actorOf(site, res), REPORTER);
    for (const list of listsOf(board)) site.rows.boardLists.delete(list.id);
    site.rows.boards.delete(board.id);
    res.status(204).end();
  });
}

/** Puts a column at a position, counted from 0 at the left; the others move over. */
function moveList(site: Site, lists: readonly BoardList[], moved: BoardList, position: number): void {
  const others = lists.filter((list) => list.id !== moved.id);
  const at = Math.min(Math.max(position, 0), others.length);
  for (const [index, list] of [...others.slice(0, at), moved, ...others.slice(at)].entries())
    site.rows.boardLists.put(list.id, { ...list, position: index });
}

/** A further column at the right end of a board. */
export function addList(site: Site, board: Board, labelId: number): BoardList {
  const id = site.world.next('gitlab-board-list');
  const position = site.rows.boardLists.filter((list) => list.boardId === board.id).length;
  return site.rows.boardLists.put(id, { id, boardId: board.id, labelId, position });
}
